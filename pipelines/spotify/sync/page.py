"""One page of a list, and where the next one is."""

from dataclasses import dataclass
from typing import Any

from pipelines.spotify.sync.halving import Unreadable

LIMIT = 50
Position = int | str


@dataclass(frozen=True)
class Page:
    """One page. `following` is the position of the next page: an offset, or a cursor; None on the last page.

    `limit` is the number of rows that a page has at most. `problem` says why the list cannot be read on from here.
    """

    items: list[Any]
    offset: int
    total: int | None
    following: Position | None
    limit: int = LIMIT
    problem: str | None = None

    @property
    def has_unreadable(self) -> bool:
        return any(isinstance(item, Unreadable) for item in self.items)


def limit_of(answer: dict[str, Any]) -> int:
    """The limit that Spotify says it used, if it is smaller than ours."""
    limit = answer.get("limit")
    return limit if isinstance(limit, int) and 0 < limit < LIMIT else LIMIT


def total_of(answer: dict[str, Any]) -> int | None:
    """The total that Spotify names; None when it names none."""
    total = answer.get("total")
    return int(total) if isinstance(total, int | float) and total >= 0 else None
