"""When a list is read completely again."""

import datetime as dt
from typing import Any

from pipelines.spotify.rows.element import time
from pipelines.spotify.sync.completeness import DAY

WEEK = dt.timedelta(days=7)
# Five to ten complete reads of a library in one day locked /me/tracks for a day.
COMPLETE_READS_A_DAY = 4
ANY_TIME = dt.timedelta(0)


def next_complete_read(state: dict[str, Any], now: dt.datetime, every: dt.timedelta) -> dt.datetime | None:
    """When the next complete read is due; None when it is due now.

    An unfinished read is repeated in the next run. If that read shows the same, the third one is due a day later.
    """
    reads: list[dt.datetime] = [
        moment for moment in map(time, state.get("whole_reads", ())) if now - DAY < moment <= now
    ]
    if len(reads) >= COMPLETE_READS_A_DAY:
        return reads[-COMPLETE_READS_A_DAY] + DAY
    doubt = state.get("doubt")
    if doubt and doubt["reads"] > 1:
        next_at: dt.datetime = dt.datetime.fromisoformat(doubt["at"]) + DAY
    elif state.get("is_complete"):
        next_at = time(state["whole_at"]) + every
    else:
        return None
    # A time that is farther away comes from a run whose clock was wrong.
    return next_at if now < next_at <= now + every + DAY else None


def note_complete_read(state: dict[str, Any], now: dt.datetime) -> None:
    """Remember a read of more than one page, for the limit of complete reads a day."""
    state["whole_reads"] = [*state.get("whole_reads", ())[1 - COMPLETE_READS_A_DAY :], now.isoformat()]
