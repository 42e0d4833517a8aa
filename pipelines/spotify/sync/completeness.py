"""Is a read complete? The one place that compares what was read with the totals and with what is known.

Spotify sometimes answers with an empty list, without a `next` too early, with the same page again, or with the rows of
another moment. So one answer never proves that something was removed (docs/decisions/0020-unfinished-reads.md).
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from pipelines.raw.changes import Key
from pipelines.spotify.sync.doubt import Doubt, doubt, fingerprint
from pipelines.spotify.sync.page import LIMIT, Page, Position

# 23.5 hours, so that a scheduled run that starts a little early still counts as the next day.
DAY = dt.timedelta(hours=23, minutes=30)
# A list without `total` has at most this many pages: 20,000 rows.
MOST_PAGES_WITHOUT_TOTAL = 400


def is_large(lost: int, known: int) -> bool:
    """Whether so many rows are gone that a second read in the same run is no proof."""
    return lost > 0 and (lost == known or lost > max(20, known // 10))


def page_problem(page: Page, position: Position, first_total: int | None, asked: Collection[Position]) -> str | None:
    """Why this page cannot be a page of the list; None when it can. `asked` are the positions before this one."""
    if page.following is not None and _leads_nowhere(page, position, first_total, asked):
        return "Spotify sends the same pages again"
    if page.items:
        return None
    if isinstance(position, int) and first_total is not None and position < first_total:
        return f"Spotify sends no rows from row {position} on, of {first_total}"
    if page.following is not None:
        return "Spotify sends an empty page before the last one"
    return None


def _leads_nowhere(page: Page, position: Position, first_total: int | None, asked: Collection[Position]) -> bool:
    """Whether the next page was read before, or there are more pages than the total explains.

    One page more is right, because rows may be added meanwhile.
    """
    if first_total is not None and isinstance(page.following, int):
        return page.following >= first_total + LIMIT
    most = MOST_PAGES_WITHOUT_TOTAL if first_total is None else -(-first_total // page.limit) + 1
    return page.following in (*asked, position) or len(asked) >= most


def first_page_problem(page: Page, known: int) -> str | None:
    """Why the first page of a list is not all that it should be. `known` is the number of rows that it had before."""
    counted = min(page.limit, page.total or 0)
    if len(page.items) < counted:
        return f"Spotify sent {len(page.items)} rows of {counted}"
    return "Spotify sent no rows" if known and not page.items else None


@dataclass(frozen=True)
class ListRead:
    """A list that was read from its first to its last row. `current` are the keys that were in the list before.

    `empty` counts the elements without content. `total` is None when Spotify sends none.
    """

    keys: set[Key]
    current: set[Key]
    empty: int
    total: int | None

    @property
    def missing(self) -> int | None:
        """How many rows `total` counts that were not sent."""
        return None if self.total is None else self.total - len(self.keys) - self.empty


@dataclass(frozen=True)
class Verdict:
    """What a read proves: whether it is complete, which keys have left the list, and else why it is unfinished."""

    is_complete: bool
    removed: frozenset[Key] = frozenset()
    reason: str | None = None


def judge(read: ListRead, state: dict[str, Any], now: dt.datetime, confirm: Callable[[], bool]) -> Verdict:
    """Compare a read with its total and with the known rows.

    - The rows explain the total and nothing is absent: complete.
    - The rows explain the total and a few rows are absent: complete if `confirm()` finds the list unchanged.
    - Nothing is absent, but the total counts other rows as well: complete when the next read agrees.
    - Many rows are absent, or the total still counts them: complete when a read a day later agrees. Many rows that the
      total still counts never count as removed.
    `state["missing"]` keeps the accepted number of rows that are counted and never sent.
    """
    absent = frozenset(read.current - read.keys)
    is_explained = read.missing == state.get("missing", 0)
    has_many = is_large(len(absent), len(read.current))
    if is_explained and (not absent or (not has_many and confirm())):
        return _complete(read, state, absent)
    if not absent and read.missing is None:
        return _complete(read, state, absent)
    seen = doubt(state, f"{read.missing} {fingerprint(absent)}", now)
    if seen.reads > 1 and not absent:
        return _complete(read, state, absent)
    if seen.age >= DAY and (is_explained or not has_many):
        return _complete(read, state, absent)
    return Verdict(False, reason=_reason(read, is_explained, len(absent), has_many))


def _complete(read: ListRead, state: dict[str, Any], removed: frozenset[Key]) -> Verdict:
    state["missing"] = read.missing or 0
    state.pop("doubt", None)
    return Verdict(True, removed)


def _reason(read: ListRead, is_explained: bool, absent: int, has_many: bool) -> str:
    if not is_explained and read.total is not None:
        return f"Spotify sent {len(read.keys) + read.empty} rows of {read.total}; nothing counts as removed"
    if has_many or not is_explained:
        return f"{absent} of {len(read.current)} rows are absent; they count as removed when a read a day later agrees"
    return "rows moved from one page to another"


def children_problem(pages: list[Page], expected: int | None) -> str | None:
    """Why the children of one parent are not complete; None when they are. `expected` is their number in the parent."""
    if problem := next((page.problem for page in pages if page.problem), None):
        return problem
    if len({page.total for page in pages}) > 1:
        return "the list changed while it was read"
    sent, total = sent_of(pages), pages[-1].total
    if total is not None and sent != total:
        return f"Spotify sent {sent} rows of {total}"
    if expected is not None and sent != expected:
        return f"Spotify sent {sent} rows, and its list of lists counts {expected}"
    return None


def sent_of(pages: list[Page]) -> int:
    """How many places of a list were sent, up to the last page. Pages may overlap."""
    places = {page.offset + index for page in pages for index in range(len(page.items))}
    return pages[0].offset + len(places)


def is_accepted(seen: Doubt, pages: list[Page], before: int, expected: int | None) -> bool:
    """Whether children with a problem are taken as they are: reads in a row agree, for a day if anything contradicts.

    `before` is how many there were. Fewer children are never taken while the counts name many more, or some where none
    came.
    """
    sent, total = sent_of(pages), pages[-1].total
    counted = max(total or 0, expected or 0)
    is_less = sent < before
    if counted > sent and (not sent or (is_less and is_large(counted - sent, counted))):
        return False
    is_harmless = not is_less and expected in (None, total)
    return seen.age >= DAY or (is_harmless and seen.reads > 1)
