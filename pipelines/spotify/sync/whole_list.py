"""Lists with a total: read completely when that is due, else from the top until known rows explain the total."""

from collections.abc import Callable, Iterator
from typing import Literal

from pipelines.raw.changes import Rows
from pipelines.raw.clock import as_text
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import ResourceStopped, RunEnded
from pipelines.spotify.sync.completeness import DAY
from pipelines.spotify.sync.list_read import Progress, finish, resume_later
from pipelines.spotify.sync.page import LIMIT, Position
from pipelines.spotify.sync.pager import Pager
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.sync.schedule import ANY_TIME, WEEK, next_complete_read


def whole_list(at_most: Literal["daily", "every run"]) -> Callable[[ResourceReader], Iterator[Rows]]:
    """A strategy that reads from the first to the last row, in every run or once the last complete read is a day old.

    A list that is read in every run has few pages: it is never resumed in the middle, and has no daily limit.
    """

    def strategy(reader: ResourceReader) -> Iterator[Rows]:
        next_at = next_complete_read(reader.state, reader.run.now, DAY) if at_most == "daily" else None
        if next_at and not reader.run.full:
            reader.report.outcome = "not due"
            reader.report.reason = f"next after {as_text(next_at)}"
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
    except (ResourceStopped, ContractBroken, RunEnded):
        if progress.reads_to_the_end and progress.last and progress.last.following and is_resumable:
            resume_later(progress, progress.last.following)
        raise
    if progress.last and progress.reads_to_the_end:
        yield from finish(progress, progress.last)


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
