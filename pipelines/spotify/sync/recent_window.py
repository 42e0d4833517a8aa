"""Recently played: Spotify sends the last 50 plays only."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from pipelines.raw.changes import Rows
from pipelines.raw.clock import as_text
from pipelines.spotify.errors import NoAnswer
from pipelines.spotify.resource import Json
from pipelines.spotify.rows.element import time
from pipelines.spotify.sync.completeness import MOST_PAGES_WITHOUT_TOTAL
from pipelines.spotify.sync.halving import before_a_broken_play
from pipelines.spotify.sync.page import LIMIT, Page
from pipelines.spotify.sync.reader import ResourceReader

MILLISECOND = dt.timedelta(milliseconds=1)
EPOCH = dt.datetime(1970, 1, 1)


def recent_window(reader: ResourceReader) -> Iterator[Rows]:
    """Read the newest page, then older pages until the last known play is reached or Spotify has no more.

    No `after` is sent. Spotify does not document which 50 plays follow `after` when there are more, and a late play
    can be older than the newest known one. The whole window costs the same one call.
    """
    last_known = time(reader.state.get("newest_at"))
    newest = oldest = None
    before: dict[str, int] = {}
    for _ in range(MOST_PAGES_WITHOUT_TOTAL):
        found = _page(reader, before)
        if last_known and not before and not found["items"]:
            found = _page(reader, {})
            if not found["items"]:
                reader.unfinished("Spotify sent no plays, although some are known")
        rows, keys = reader.take(Page(found["items"], 0, None, None))
        yield rows
        times = sorted(key[0] for key in keys)
        if times and oldest and times[0] >= oldest:
            reader.unfinished("Spotify sends the same plays again instead of older ones")
            break
        if not times:
            break
        newest, oldest = newest or times[-1], times[0]
        if found.get("next") is None or (last_known and oldest <= last_known):
            break
        before = {"before": (oldest - EPOCH) // MILLISECOND}
    report = reader.report
    report.oldest_at, report.newest_at = oldest, newest
    # A full window can come without `next`. Then Spotify sends no older plays, even if there were some.
    is_full = bool(before) or report.rows_read + report.rows_null >= LIMIT
    if last_known and oldest and oldest > last_known and is_full:
        report.gap_from, report.gap_until = last_known, oldest
    if newest and (last_known is None or newest > last_known):
        reader.state["newest_at"] = newest.isoformat()


def _page(reader: ResourceReader, before: dict[str, int]) -> Json:
    """The plays before a time, or the newest. A play whose page always fails is left out, and older plays are read."""
    try:
        return reader.get({}, **before)
    except NoAnswer as error:
        start = before.get("before", (reader.run.now - EPOCH) // MILLISECOND)
        try:
            found = before_a_broken_play(partial(reader.request, {}), LIMIT, start)
        except NoAnswer:
            raise error from None
        reader.leave_out(f"the last play before {as_text(EPOCH + start * MILLISECOND)}: {error}")
        return found
