"""Top lists: the first page of each time range, once a day."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from pipelines.raw.changes import Rows
from pipelines.spotify.sync.completeness import first_page_problem
from pipelines.spotify.sync.page import Page, total_of
from pipelines.spotify.sync.reader import ResourceReader

READS_A_DAY = 2


def daily_snapshot(time_ranges: Sequence[str]) -> Callable[[ResourceReader], Iterator[Rows]]:
    """A strategy that reads each time range once per UTC day. The state keeps the last day of each range.

    A range that comes empty or cut is requested again, once in the same run and once in the next one. `state["rows"]`
    keeps how many rows each range had, `state["unfinished"]` the day and the number of its unfinished reads.
    """

    def strategy(reader: ResourceReader) -> Iterator[Rows]:
        today = reader.run.now.date().isoformat()
        read_on = reader.state.setdefault("read_on", {})
        rows_of = reader.state.setdefault("rows", {})
        unfinished = reader.state.setdefault("unfinished", {})
        due = [name for name in time_ranges if reader.run.full or read_on.get(name) != today]
        if not due:
            reader.report.outcome = "not due"
            reader.report.reason = f"next on {reader.run.now.date() + dt.timedelta(days=1)}"
        for time_range in due:
            page = _page(reader, time_range)
            problem = first_page_problem(page, rows_of.get(time_range, 0))
            if problem:
                page = _page(reader, time_range)
                problem = first_page_problem(page, rows_of.get(time_range, 0))
            rows, _ = reader.take(page, {"time_range": time_range})
            yield rows
            if problem:
                reader.unfinished(f"{time_range}: {problem}")
                day, reads = unfinished.get(time_range, (today, 0))
                unfinished[time_range] = (today, reads + 1 if day == today else 1)
            if not problem or unfinished[time_range][1] >= READS_A_DAY:
                read_on[time_range] = today
                rows_of[time_range] = len(page.items)
                unfinished.pop(time_range, None)

    return strategy


def _page(reader: ResourceReader, time_range: str) -> Page:
    found = reader.get({}, time_range=time_range, offset=0)
    return Page(found["items"], 0, total_of(found), None)
