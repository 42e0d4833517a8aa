"""Lists with a total: read whole when that is due, and from the top only when the total proves the rest unchanged."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipelines.raw.changes import Key, Rows
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import ResourceStopped, RunEnded
from pipelines.spotify.rows.objects import time
from pipelines.spotify.sync.reader import LIMIT, Page, Position, Reading, prefetch

# A schedule that starts a minute early must not slip by an hour.
DAY = dt.timedelta(hours=23, minutes=30)
WEEK = dt.timedelta(days=7)
# Five to ten whole reads of a library in a day locked /me/tracks for a day.
WHOLE_READS_A_DAY = 4


@dataclass
class Seen:
    """What one reading of a list has met so far."""

    current_keys: set[Key]
    keys: set[Key] = field(default_factory=set)
    first_keys: frozenset[Key] = frozenset()
    first_total: int | None = None
    last: Page | None = None
    is_joined: bool = False
    is_to_the_end: bool = False

    @property
    def new(self) -> int:
        return len(self.keys - self.current_keys)


def whole(at_most: Literal["daily", "every run"]) -> Callable[[Reading], Iterator[Rows]]:
    """From first to last row, by every run or when the last complete reading is a day old."""

    def how(reading: Reading) -> Iterator[Rows]:
        next_at = _next_whole(reading, DAY) if at_most == "daily" else None
        if next_at and not reading.run.full:
            reading.report.outcome = "not due"
            reading.report.reason = f"next after {next_at:%Y-%m-%d %H:%M} UTC"
        else:
            yield from _resumable(reading, may_stop_early=False)

    return how


def newest_first(reading: Reading) -> Iterator[Rows]:
    """From the top to the first known row, if `total` is then explained; whole otherwise, and every 7 days anyway."""
    is_rested = _next_whole(reading, WEEK) is not None and not reading.run.full
    yield from _resumable(reading, may_stop_early=is_rested)


def _next_whole(reading: Reading, every: dt.timedelta) -> dt.datetime | None:
    """When the next whole reading is due; None when that is now."""
    state, now = reading.state, reading.run.now
    reads: list[dt.datetime] = [
        moment for moment in map(time, state.get("whole_reads", ())) if now - DAY < moment <= now
    ]
    if len(reads) >= WHOLE_READS_A_DAY:
        return reads[-WHOLE_READS_A_DAY] + DAY
    if not state.get("is_complete") or time(state["whole_at"]) + every <= now:
        return None
    next_at: dt.datetime = time(state["whole_at"]) + every
    return next_at


def _resumable(reading: Reading, may_stop_early: bool) -> Iterator[Rows]:
    seen = Seen(reading.run.changes.row_hashes.current_keys(reading.table))
    try:
        yield from _pages(reading, seen, may_stop_early)
    except (ResourceStopped, ContractBroken, RunEnded):
        if seen.is_to_the_end and seen.last and seen.last.following and not reading.resource.is_handle:
            reading.state |= {"is_complete": False, "resume": seen.last.following}
            reading.report.resume_from = str(seen.last.following)
        raise
    if seen.last and seen.last.following is None:
        yield from _concluded(reading, seen)


def _pages(reading: Reading, seen: Seen, may_stop_early: bool) -> Iterator[Rows]:
    page = reading.page(0)
    seen.first_total = page.total
    yield _met(reading, seen, page)
    seen.first_keys = frozenset(seen.keys)
    while may_stop_early and page.following:
        if seen.keys & seen.current_keys and _is_explained(reading, seen, page):
            return
        if seen.keys & seen.current_keys and _next_whole(reading, dt.timedelta(0)) is not None:
            reading.report.reason = "its total is not explained; read whole tomorrow, it was read whole often today"
            return
        if seen.keys & seen.current_keys:
            break
        page = reading.page(page.following)
        yield _met(reading, seen, page)
    seen.is_to_the_end = True
    rest = page.following
    resume = None if reading.resource.is_handle else reading.state.get("resume")
    if resume is not None and seen.keys & seen.current_keys:
        rest = _joint(reading, seen, rest, resume)
    if rest is None:
        return
    if isinstance(rest, int) and page.total is not None:
        pages = prefetch(reading.page, range(rest, page.total, LIMIT))
    else:
        pages = _one_by_one(reading, rest)
    for page in pages:
        yield _met(reading, seen, page)
        if page.following is None:
            return


def _joint(reading: Reading, seen: Seen, rest: Position | None, resume: Position) -> Position | None:
    """Where to go on after an earlier run was cut short: there, if what it had read still stands where it stood."""
    if isinstance(resume, int):
        if not isinstance(rest, int) or resume - LIMIT <= rest:
            return rest
        if not reading.keys(reading.page(resume - LIMIT)) <= seen.current_keys:
            return rest
    seen.is_joined = True
    return resume


def _one_by_one(reading: Reading, position: Position | None) -> Iterator[Page]:
    while position is not None:
        page = reading.page(position)
        yield page
        position = page.following


def _met(reading: Reading, seen: Seen, page: Page) -> Rows:
    rows, keys = reading.take(page)
    seen.keys |= keys
    seen.last = page
    reading.report.total = page.total
    if reading.resource.is_handle:
        for element in filter(None, page.items):
            if element.get("id"):
                reading.run.handles[element["id"]] = element.get("snapshot_id") or ""
    return rows


def _is_explained(reading: Reading, seen: Seen, page: Page) -> bool:
    return page.total == len(seen.current_keys) + int(reading.state.get("unseen", 0)) + seen.new


def _concluded(reading: Reading, seen: Seen) -> Iterator[Rows]:
    """Whether what was not met is gone. It is, unless the list moved between its pages."""
    report, state, last = reading.report, reading.state, seen.last
    assert last
    now = reading.run.now
    total = last.total if last.total is not None else len(seen.keys) + report.rows_null + report.rows_unkeyed
    if last.offset and not reading.resource.is_handle:
        state["whole_reads"] = [*state.get("whole_reads", ())[1 - WHOLE_READS_A_DAY :], now.isoformat()]
    state.pop("resume", None)
    report.is_whole = not seen.is_joined
    if seen.first_total is not None and seen.first_total != last.total:
        state["is_complete"] = False
        report.reason = "it changed while it was read; read again in the next run"
        return
    reading.run.handles_are_whole |= reading.resource.is_handle
    known = seen.keys | seen.current_keys if seen.is_joined else seen.keys
    if seen.is_joined and total < len(known) + int(state.get("unseen", 0)):
        state["is_complete"] = False
        report.reason = "something has gone from it; read again in the next run, to see what"
        return
    state |= {"is_complete": True, "whole_at": now.isoformat(), "unseen": total - len(known)}
    if seen.is_joined:
        return
    # Rows that Spotify counts and does not send are the same number each time; another number means that rows slipped
    # from one page to the other while the list was read.
    slipped = total - len(seen.keys) - report.rows_null - report.rows_unkeyed
    report.is_proved = state.get("slipped", slipped) == slipped
    state["slipped"] = slipped
    tombstones = seen.current_keys - seen.keys
    if report.is_proved and tombstones and last.offset:
        # One gone and one come between two pages leave the total as it was; the newcomer stands on the first page.
        report.is_proved = reading.keys(reading.page(0)) == seen.first_keys
    if report.is_proved:
        report.rows_removed = len(tombstones)
        yield reading.run.changes.tombstones(reading.table, tombstones)
    else:
        state["is_complete"] = False
        report.reason = "rows slipped between its pages; read again in the next run"
