"""Is a read complete? The one place that compares what was read with the totals and with what is known.

Spotify sometimes answers with an empty list, without a `next` too early, with the same page again, or with the rows of
another moment. So one answer never proves that something was removed (docs/decisions/0020-unfinished-reads.md).
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.raw.changes import Key
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


@dataclass(frozen=True)
class Doubt:
    """How many reads in a row gave the same evidence, and the time between the first and the last of them."""

    reads: int
    age: dt.timedelta


def doubt(state: dict[str, Any], evidence: str, now: dt.datetime) -> Doubt:
    """Remember in `state["doubt"]` what an unfinished read has shown. Other evidence begins anew."""
    kept = state.get("doubt") or {}
    if kept.get("evidence") != evidence:
        kept = {"evidence": evidence, "reads": 0, "since": now.isoformat()}
    state["doubt"] = kept | {"reads": kept["reads"] + 1, "at": now.isoformat()}
    return Doubt(kept["reads"] + 1, now - dt.datetime.fromisoformat(kept["since"]))


def fingerprint(values: Iterable[Any]) -> str:
    """A short text that is equal for equal values in any order."""
    return hashlib.blake2b("\n".join(sorted(map(repr, values))).encode(), digest_size=8).hexdigest()
