"""Lists with a total: read completely when that is due, else from the top until known rows explain the total."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipelines.http.prefetch import prefetch
from pipelines.raw.changes import Key, Rows
from pipelines.raw.clock import as_text
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import ResourceStopped, RunEnded
from pipelines.spotify.rows.element import time
from pipelines.spotify.sync.reader import LIMIT, Page, Position, ResourceReader

# 23.5 hours, so that a scheduled run that starts a little early still counts as the next day.
DAY = dt.timedelta(hours=23, minutes=30)
WEEK = dt.timedelta(days=7)
# Five to ten complete reads of a library in one day locked /me/tracks for a day.
COMPLETE_READS_A_DAY = 4


@dataclass
class Progress:
    """What this read has seen. `current` holds the keys that are in the list according to the row hashes."""

    current: set[Key]
    is_resumable: bool
    keys: set[Key] = field(default_factory=set)
    first_keys: frozenset[Key] = frozenset()
    first_total: int | None = None
    last: Page | None = None
    is_resumed: bool = False
    reads_to_the_end: bool = False

    @property
    def new(self) -> int:
        return len(self.keys - self.current)


def whole_list(at_most: Literal["daily", "every run"]) -> Callable[[ResourceReader], Iterator[Rows]]:
    """A strategy that reads from the first to the last row, in every run or once the last complete read is a day old.

    A list that is read in every run has few pages: it is never resumed in the middle, and has no daily limit.
    """

    def strategy(reader: ResourceReader) -> Iterator[Rows]:
        next_at = _next_complete_read(reader, DAY) if at_most == "daily" else None
        if next_at and not reader.run.full:
            reader.report.outcome = "not due"
            reader.report.reason = f"next after {as_text(next_at)}"
        else:
            yield from _read(reader, may_stop_early=False, is_resumable=at_most == "daily")

    return strategy


def newest_first(reader: ResourceReader) -> Iterator[Rows]:
    """Read from the top to the first known row if `total` is then explained; otherwise, and weekly, read everything."""
    is_recent = _next_complete_read(reader, WEEK) is not None and not reader.run.full
    yield from _read(reader, may_stop_early=is_recent, is_resumable=True)


def _next_complete_read(reader: ResourceReader, every: dt.timedelta) -> dt.datetime | None:
    """When the next complete read is due; None when it is due now."""
    state, now = reader.state, reader.run.now
    reads: list[dt.datetime] = [
        moment for moment in map(time, state.get("whole_reads", ())) if now - DAY < moment <= now
    ]
    if len(reads) >= COMPLETE_READS_A_DAY:
        return reads[-COMPLETE_READS_A_DAY] + DAY
    if not state.get("is_complete") or time(state["whole_at"]) + every <= now:
        return None
    next_at: dt.datetime = time(state["whole_at"]) + every
    return next_at


def _read(reader: ResourceReader, may_stop_early: bool, is_resumable: bool) -> Iterator[Rows]:
    progress = Progress(reader.run.changes.row_hashes.current_keys(reader.table), is_resumable)
    try:
        yield from _pages(reader, progress, may_stop_early)
    except (ResourceStopped, ContractBroken, RunEnded):
        if progress.reads_to_the_end and progress.last and progress.last.following and is_resumable:
            reader.state |= {"is_complete": False, "resume": progress.last.following}
            reader.report.resume_from = str(progress.last.following)
        raise
    if progress.last and progress.last.following is None:
        yield from _finish(reader, progress)


def _pages(reader: ResourceReader, progress: Progress, may_stop_early: bool) -> Iterator[Rows]:
    page = reader.page(0)
    progress.first_total = page.total
    yield _take(reader, progress, page)
    progress.first_keys = frozenset(progress.keys)
    while may_stop_early and page.following:
        reaches_known_rows = bool(progress.keys & progress.current)
        if reaches_known_rows and _is_explained(reader, progress, page):
            return
        if reaches_known_rows and _next_complete_read(reader, dt.timedelta(0)) is not None:
            reader.report.reason = "total and rows differ; the complete read waits for tomorrow (4 a day at most)"
            return
        if reaches_known_rows:
            break
        page = reader.page(page.following)
        yield _take(reader, progress, page)
    progress.reads_to_the_end = True
    rest = page.following
    resume = reader.state.get("resume") if progress.is_resumable else None
    if resume is not None and progress.keys & progress.current:
        rest = _resume_position(reader, progress, rest, resume)
    if rest is None:
        return
    if isinstance(rest, int) and page.total is not None:
        pages = prefetch(reader.page, range(rest, page.total, LIMIT))
    else:
        pages = _one_by_one(reader, rest)
    for page in pages:
        yield _take(reader, progress, page)
        if page.following is None:
            return


def _resume_position(
    reader: ResourceReader, progress: Progress, rest: Position | None, resume: Position
) -> Position | None:
    """Where an earlier run stopped, if the page before that position is unchanged; otherwise `rest`."""
    if isinstance(resume, int):
        if not isinstance(rest, int) or resume - LIMIT <= rest:
            return rest
        if not reader.keys(reader.page(resume - LIMIT)) <= progress.current:
            return rest
    progress.is_resumed = True
    return resume


def _one_by_one(reader: ResourceReader, position: Position | None) -> Iterator[Page]:
    while position is not None:
        page = reader.page(position)
        yield page
        position = page.following


def _take(reader: ResourceReader, progress: Progress, page: Page) -> Rows:
    rows, keys = reader.take(page)
    progress.keys |= keys
    progress.last = page
    reader.report.total = page.total
    return rows


def _is_explained(reader: ResourceReader, progress: Progress, page: Page) -> bool:
    return page.total == len(progress.current) + int(reader.state.get("unseen", 0)) + progress.new


def _finish(reader: ResourceReader, progress: Progress) -> Iterator[Rows]:
    """Compare the rows with the total, and write tombstones for removed rows, unless the list changed meanwhile."""
    report, state, last = reader.report, reader.state, progress.last
    assert last
    now = reader.run.now
    total = last.total if last.total is not None else len(progress.keys) + report.rows_null + report.rows_unkeyed
    if last.offset and progress.is_resumable:
        state["whole_reads"] = [*state.get("whole_reads", ())[1 - COMPLETE_READS_A_DAY :], now.isoformat()]
    state.pop("resume", None)
    report.is_whole = not progress.is_resumed
    if progress.first_total is not None and progress.first_total != last.total:
        state["is_complete"] = False
        report.reason = "the list changed while it was read; the next run reads it again"
        return
    reader.is_complete = not progress.is_resumed
    known = progress.keys | progress.current if progress.is_resumed else progress.keys
    if progress.is_resumed and total < len(known) + int(state.get("unseen", 0)):
        state["is_complete"] = False
        report.reason = "an item has left the list; the next run reads the whole list to find which one"
        return
    state |= {"is_complete": True, "whole_at": now.isoformat(), "unseen": total - len(known)}
    if progress.is_resumed:
        return
    # The total counts some rows that Spotify never sends. Their number stays the same. A different number means that
    # rows moved from one page to another between two requests.
    missing = total - len(progress.keys) - report.rows_null - report.rows_unkeyed
    report.is_proved = state.get("missing", missing) == missing
    state["missing"] = missing
    removed = progress.current - progress.keys
    if report.is_proved and removed and last.offset:
        # One removal and one addition between two requests leave the total unchanged. A new row is on the first page.
        report.is_proved = reader.keys(reader.page(0)) == progress.first_keys
    if report.is_proved:
        report.rows_removed = len(removed)
        yield reader.run.changes.tombstones(reader.table, removed)
    else:
        state["is_complete"] = False
        report.reason = "rows moved from one page to another; the next run reads the list again"
