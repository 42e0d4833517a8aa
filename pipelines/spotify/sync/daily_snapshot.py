"""Top lists: the first page of each time range, once a day."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from pipelines.raw.changes import Rows
from pipelines.spotify.sync.page import Page
from pipelines.spotify.sync.reader import ResourceReader


def daily_snapshot(time_ranges: Sequence[str]) -> Callable[[ResourceReader], Iterator[Rows]]:
    """A strategy that reads each time range once per UTC day. The state keeps the last day of each range."""

    def strategy(reader: ResourceReader) -> Iterator[Rows]:
        today = reader.run.now.date().isoformat()
        read_on = reader.state.setdefault("read_on", {})
        due = [name for name in time_ranges if reader.run.full or read_on.get(name) != today]
        if not due:
            reader.report.outcome = "not due"
            reader.report.reason = f"next on {reader.run.now.date() + dt.timedelta(days=1)}"
        for time_range in due:
            found = reader.get({}, time_range=time_range)
            rows, _ = reader.take(Page(found["items"], 0, None, None), {"time_range": time_range})
            yield rows
            read_on[time_range] = today

    return strategy
