"""The order of loads. It never depends on the clock of the machine alone.

Load ids give the order: the newest row of a key is the row with the greatest load id. Times are for people.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pipelines.raw.clock import as_text

STEP_S = 0.001
STEP = dt.timedelta(seconds=STEP_S)
# After a power cut a small computer goes on from a clock that it saved within the last hours. A last load that is
# farther ahead was itself made with a wrong clock.
LONGEST_DELAY = dt.timedelta(days=1)
# Spotify and a right clock differ by less.
TOLERANCE = dt.timedelta(minutes=5)


def may_load(packages: Iterable[str], base: str | None, newest: str, own: Iterable[str]) -> bool:
    """Whether pending load packages go on from the newest complete load of the lake, whatever the clocks say.

    `base` was the newest load when they were made; None when that is unknown. `own` are loads of the same machine. If
    the newest load is a load of another machine, the packages and their cursors are out of date.
    """
    if base is None:
        return any(package > newest for package in packages)
    return newest == base or newest in own


@contextmanager
def load_ids_after(completed: Iterable[str]) -> Iterator[None]:
    """Inside the block dlt's load ids are greater than all ids in `completed`, whatever the wall clock says.

    A load id is the wall clock in epoch seconds. When the wall clock stands behind the last id, dlt takes the next
    number after that id, but it knows only the ids of its own process. So it is told the lake's last id.
    """
    from dlt.common.time import increasing_precise_time as ids  # importing dlt takes a second; a build needs no dlt

    with ids._lock:
        before = ids._last
        ids._last = max([before, *(float(load_id) + STEP_S for load_id in completed)])
    try:
        yield
    finally:
        with ids._lock:
            ids._last = before


def time_of_load(now: dt.datetime, last_read_at: dt.datetime | None) -> tuple[dt.datetime, list[str]]:
    """The time for the rows of a load (`read_at`), and a warning if the machine's clock stands before the last load.

    Times are naive UTC. A clock that is up to a day behind is not used: the rows get the time of the last load and one
    millisecond. If the last load is farther ahead, its time was wrong, and the clock is used again.
    """
    if last_read_at is None or now >= last_read_at:
        return now, []
    seen = f"this machine's clock says {as_text(now)}, and the last load is from {as_text(last_read_at)}"
    if last_read_at - now <= LONGEST_DELAY:
        return last_read_at + STEP, [f"{seen}: set the clock; the new rows follow those of the last load all the same"]
    return now, [f"{seen}: one of the two clocks was wrong; the new rows follow those of the last load all the same"]


def behind_spotify(now: dt.datetime, newest_play: dt.datetime | None) -> list[str]:
    """A warning if Spotify names a play after `now`."""
    if newest_play is None or newest_play <= now + TOLERANCE:
        return []
    return [
        f"this machine's clock says {as_text(now)}, and Spotify names a play of {as_text(newest_play)}: set the clock"
    ]
