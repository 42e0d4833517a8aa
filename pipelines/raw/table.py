"""What a raw table is: a name, a grain, a key and typed columns."""

from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "bigint", "bool", "timestamp", "date"]


@dataclass(frozen=True)
class Column:
    """One column; timestamps are naive UTC milliseconds."""

    name: str
    type: Type
    description: str
    null: bool = True


@dataclass(frozen=True)
class Table:
    """One raw table.

    `key` is the natural key. `parent` is the part of the key whose rows always arrive together, by default the whole
    key: all artists of a track arrive with the track, so the current artists are those of the track's newest load.
    `since` names a time column: a new row can only repeat rows that are not older than the oldest row of its page.
    `stale_after_h` is the age in hours at which `dbt source freshness` warns that no new row came.
    A table with the column `is_removed` is a list whose items can leave the account.
    `volatile` names columns whose change alone makes no new row.
    Without `has_row_hash` the table has no column `row_hash`: the source itself knows which rows are new. A hash would
    double the size of a table with millions of small rows.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    parent: tuple[str, ...] = ()
    since: str | None = None
    stale_after_h: int | None = None
    volatile: tuple[str, ...] = ()
    has_row_hash: bool = True
    all_columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_columns", self.columns + (BOOKKEEPING if self.has_row_hash else BOOKKEEPING[:1]))
        object.__setattr__(self, "parent", self.parent or self.key)

    @property
    def is_list(self) -> bool:
        return any(column.name == "is_removed" for column in self.columns)


def text(name: str, description: str, *, null: bool = True) -> Column:
    return Column(name, "text", description, null)


def bigint(name: str, description: str, *, null: bool = True) -> Column:
    return Column(name, "bigint", description, null)


def boolean(name: str, description: str, *, null: bool = True) -> Column:
    return Column(name, "bool", description, null)


def timestamp(name: str, description: str, *, null: bool = True) -> Column:
    return Column(name, "timestamp", description, null)


def date(name: str, description: str, *, null: bool = True) -> Column:
    return Column(name, "date", description, null)


def removal() -> Column:
    """The column of a list whose items can leave: a complete read that lacks an item writes a tombstone for it."""
    return boolean("is_removed", "True in a tombstone: the item had left the list by `read_at`.", null=False)


BOOKKEEPING = (
    timestamp("read_at", "UTC time of the run that read the row.", null=False),
    text("row_hash", "Hash of the row's values; a row is appended only when it is new or changed.", null=False),
)
