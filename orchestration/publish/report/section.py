"""A section of a page: a title that says what is seen, a picture, its numbers, and the SQL behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True)
class Numbers:
    """A table under a picture. Numbers stand right-aligned; a row begins with its name."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def is_number(self, column: int) -> bool:
        return column > 0 and all(isinstance(row[column], (int, float)) or row[column] is None for row in self.rows)


@dataclass(frozen=True)
class Section:
    """`covers` says which plays and days the figures are about. Without a picture the page says `nothing yet`."""

    name: str
    label: str
    title: str
    picture: Markup = field(default_factory=Markup)
    covers: str = ""
    numbers: Sequence[Numbers] = ()
    queries: Sequence[str] = ()

    @property
    def sql(self) -> str:
        return "\n\n".join(query.strip() + ";" for query in self.queries)


def nothing_yet(name: str, label: str, until: str, *queries: str) -> Section:
    """A section without data; `until` says what will fill it."""
    return Section(name, label, "Nothing yet", covers=until, queries=queries)


OfReport = Callable[..., Section]
