"""Lists with a total: read completely when that is due, else from the top until known rows explain the total."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from pipelines.raw.changes import Key, Rows
from pipelines.spotify.sync.completeness import DAY, ListRead, judge
from pipelines.spotify.sync.doubt import doubt
from pipelines.spotify.sync.page import LIMIT, Page, Position
from pipelines.spotify.sync.pager import Pager
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.sync.schedule import ANY_TIME, WEEK, next_complete_read, note_complete_read


@dataclass
class Progress:
    """What this read has seen. `current` holds the keys that are in the list according to the row hashes."""

    reader: ResourceReader
    current: set[Key]
    is_resumable: bool
    pager: Pager
    keys: set[Key] = field(default_factory=set)
    first_keys: frozenset[Key] = frozenset()
    last: Page | None = None
    is_resumed: bool = False
    reads_to_the_end: bool = False

    @property
    def is_explained(self) -> bool:
        """Whether the known rows and the new rows of this run explain the total."""
        unseen = int(self.reader.state.get("unseen", 0))
        total = self.last.total if self.last else None
        return total == len(self.current) + unseen + len(self.keys - self.current)

    def take(self, page: Page) -> Rows:
        rows, keys = self.reader.take(page)
        self.keys |= keys
        self.last = page
        self.reader.report.total = page.total
        return rows


def whole_list(at_most: Literal["daily", "every run"]) -> Callable[[ResourceReader], Iterator[Rows]]:
    """A strategy that reads from the first to the last row, in every run or once the last complete read is a day old.

    A list that is read in every run has few pages: it is never resumed in the middle, and has no daily limit.
    """

    def strategy(reader: ResourceReader) -> Iterator[Rows]:
        next_at = next_complete_read(reader.state, reader.run.now, DAY) if at_most == "daily" else None
        if next_at and not reader.run.full:
            reader.report.outcome = "not due"
            reader.report.reason = f"next after {next_at:%Y-%m-%d %H:%M} UTC"
        else:
            yield from _read(reader, may_stop_early=False, is_resumable=at_most == "daily")

    return strategy


def newest_first(reader: ResourceReader) -> Iterator[Rows]:
    """Read from the top to the first known row if `total` is then explained; otherwise, and weekly, read everything."""
    is_recent = next_complete_read(reader.state, reader.run.now, WEEK) is not None and not reader.run.full
    yield from _read(reader, may_stop_early=is_recent, is_resumable=True)


def _read(reader: ResourceReader, may_stop_early: bool, is_resumable: bool) -> Iterator[Rows]:
    current = reader.run.changes.row_hashes.current_keys(reader.table)
    progress = Progress(reader, current, is_resumable, Pager(reader, known=len(current)))
    try:
        yield from _pages(progress, may_stop_early)
    except Exception:
        if progress.reads_to_the_end and progress.last and progress.last.following and is_resumable:
            _resume_later(progress, progress.last.following)
        raise
    if progress.last and progress.reads_to_the_end:
        yield from _finish(progress, progress.last)


def _pages(progress: Progress, may_stop_early: bool) -> Iterator[Rows]:
    reader, pager = progress.reader, progress.pager
    page = pager.page(0)
    yield progress.take(page)
    progress.first_keys = frozenset(progress.keys)
    while may_stop_early and page.following is not None and not page.problem:
        reaches_known_rows = bool(progress.keys & progress.current)
        if reaches_known_rows and progress.is_explained:
            return
        if reaches_known_rows and next_complete_read(reader.state, reader.run.now, ANY_TIME) is not None:
            reader.report.reason = "total and rows differ; the complete read waits for tomorrow (4 a day at most)"
            return
        if reaches_known_rows:
            break
        page = pager.page(page.following)
        yield progress.take(page)
    progress.reads_to_the_end = True
    rest = None if page.problem else page.following
    resume = reader.state.get("resume") if progress.is_resumable and not page.problem else None
    if resume is not None and progress.keys & progress.current:
        rest = _resume_position(progress, rest, resume)
    if rest is not None:
        for following in pager.rest(rest, page.limit):
            yield progress.take(following)


def _resume_position(progress: Progress, rest: Position | None, resume: Position) -> Position | None:
    """Where an earlier run stopped, if the page before that position is unchanged; otherwise `rest`."""
    reader = progress.reader
    if isinstance(resume, int):
        if not isinstance(rest, int) or resume - LIMIT <= rest:
            return rest
        if not reader.keys(reader.page(resume - LIMIT)) <= progress.current:
            return rest
    progress.is_resumed = True
    return resume


def _resume_later(progress: Progress, position: Position) -> None:
    progress.reader.state |= {"is_complete": False, "resume": position}
    progress.reader.report.resume_from = str(position)


def _finish(progress: Progress, last: Page) -> Iterator[Rows]:
    """Conclude which rows were removed, and write tombstones for them, if the read is complete."""
    reader, state, now = progress.reader, progress.reader.state, progress.reader.run.now
    if last.offset and progress.is_resumable:
        note_complete_read(state, now)
    state.pop("resume", None)
    if last.problem:
        doubt(state, last.problem, now)
        _leave_unfinished(progress, last.problem)
        if last.offset > 1 and progress.is_resumable:
            _resume_later(progress, last.offset)
        return
    reader.report.is_whole = not progress.is_resumed
    if progress.pager.total != last.total:
        _leave_unfinished(progress, "the list changed while it was read")
    elif progress.is_resumed:
        _finish_resumed(progress, last)
    else:
        yield from _conclude(progress, last)


def _finish_resumed(progress: Progress, last: Page) -> None:
    """A read that went on where another had stopped does not show what has left the list."""
    state = progress.reader.state
    known = len(progress.keys | progress.current)
    total = known if last.total is None else last.total
    if total < known + int(state.get("unseen", 0)):
        _leave_unfinished(progress, "an item has left the list")
    else:
        state |= {"is_complete": True, "whole_at": progress.reader.run.now.isoformat(), "unseen": total - known}


def _conclude(progress: Progress, last: Page) -> Iterator[Rows]:
    reader, state, now = progress.reader, progress.reader.state, progress.reader.run.now
    left_out = reader.report.rows_left_out
    empty = reader.report.rows_null + reader.report.rows_unkeyed + left_out
    read = ListRead(progress.keys, progress.current, empty, last.total)
    verdict = judge(read, state, now, lambda: _is_unchanged(progress, last))
    if not verdict.is_complete:
        _leave_unfinished(progress, str(verdict.reason))
        return
    # An element that was left out may be one of those that seem to be removed.
    removed = verdict.removed if not left_out else frozenset()
    reader.is_complete = reader.report.is_proved = not left_out
    unseen = 0 if last.total is None else last.total - len(progress.keys)
    state |= {"is_complete": True, "whole_at": now.isoformat(), "unseen": unseen}
    reader.report.rows_removed = len(removed)
    yield reader.run.changes.tombstones(reader.table, removed)


def _is_unchanged(progress: Progress, last: Page) -> bool:
    """Whether the first page is still the same. A row that was added between two requests is on the first page."""
    again = progress.reader.page(0)
    return again.total == last.total and progress.reader.keys(again) == progress.first_keys


def _leave_unfinished(progress: Progress, reason: str) -> None:
    progress.reader.state["is_complete"] = False
    progress.reader.unfinished(reason)
