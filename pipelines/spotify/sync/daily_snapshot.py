"""Top lists: the first page of each range, once a day."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from pipelines.raw.changes import Rows
from pipelines.spotify.sync.reader import Page, Reading


def once_a_day(each: Sequence[str]) -> Callable[[Reading], Iterator[Rows]]:
    """Each reading is a snapshot of its UTC day; the ranges are remembered one by one."""

    def how(reading: Reading) -> Iterator[Rows]:
        today = reading.run.now.date().isoformat()
        read_on = reading.state.setdefault("read_on", {})
        due = [name for name in each if reading.run.full or read_on.get(name) != today]
        if not due:
            reading.report.outcome = "not due"
            reading.report.reason = f"next on {reading.run.now.date() + dt.timedelta(days=1)}"
        for time_range in due:
            found = reading.get({}, time_range=time_range)
            page = Page(found["items"], 0, None, None)
            rows, _ = reading.take(page, {"time_range": time_range})
            yield rows
            read_on[time_range] = today

    return how
