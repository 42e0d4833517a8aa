"""One read of a list with a total: what it has seen, and what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.raw.changes import Key, Rows
from pipelines.spotify.sync.completeness import ListRead, judge
from pipelines.spotify.sync.doubt import doubt
from pipelines.spotify.sync.page import Page, Position
from pipelines.spotify.sync.pager import Pager
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.sync.schedule import note_complete_read


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


def resume_later(progress: Progress, position: Position) -> None:
    progress.reader.state |= {"is_complete": False, "resume": position}
    progress.reader.report.resume_from = str(position)


def finish(progress: Progress, last: Page) -> Iterator[Rows]:
    """Conclude which rows were removed, and write tombstones for them, if the read is complete."""
    reader, state, now = progress.reader, progress.reader.state, progress.reader.run.now
    if last.offset and progress.is_resumable:
        note_complete_read(state, now)
    state.pop("resume", None)
    if last.problem:
        doubt(state, last.problem, now)
        _leave_unfinished(progress, last.problem)
        if last.offset > 1 and progress.is_resumable:
            resume_later(progress, last.offset)
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
    removed = frozenset() if left_out else verdict.removed
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
