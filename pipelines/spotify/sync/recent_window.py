"""Recently played: a window of the last plays, whatever is asked for."""

import datetime as dt
from collections.abc import Iterator

from pipelines.raw.changes import Rows
from pipelines.spotify.rows.objects import time
from pipelines.spotify.sync.reader import LIMIT, Page, Reading

MILLISECOND = dt.timedelta(milliseconds=1)
EPOCH = dt.datetime(1970, 1, 1)


def window(reading: Reading) -> Iterator[Rows]:
    """The newest page, then older ones until the last known play is met or Spotify has no more.

    No `after` is sent: which 50 plays would follow it when there are more is not known, and late rows come with times
    older than the newest. The whole window costs the same one call and overlaps as far as can be.
    """
    last_known = time(reading.state.get("newest_at"))
    newest = oldest = None
    before: dict[str, int] = {}
    while True:
        found = reading.get({}, **before)
        rows, keys = reading.take(Page(found["items"], 0, None, None))
        yield rows
        times = sorted(key[0] for key in keys)
        if not times:
            break
        newest, oldest = newest or times[-1], times[0]
        if found.get("next") is None or (last_known and oldest <= last_known):
            break
        before = {"before": (oldest - EPOCH) // MILLISECOND}
    report = reading.report
    report.oldest_at, report.newest_at = oldest, newest
    # A full window may come without `next`: Spotify has no more, whether or not there was more.
    is_full = bool(before) or report.rows_read + report.rows_null >= LIMIT
    if last_known and oldest and oldest > last_known and is_full:
        report.gap_from, report.gap_until = last_known, oldest
    if newest and (last_known is None or newest > last_known):
        reading.state["newest_at"] = newest.isoformat()
