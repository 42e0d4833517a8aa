"""What a raw table is: a grain, a key and typed columns; everything else is generated from it."""

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

    `key` is the natural key. `parent` is the part of it that is seen whole or not at all: the artists of a track
    arrive together, so their newest rows are those of the track's newest load. `is_removed` marks lists whose rows
    vanish from the account. `since` names the time column that bounds which old rows a new one can repeat.
    `stale_after_h` is the age in hours from which `dbt source freshness` warns that no new row came.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    parent: tuple[str, ...] = ()
    since: str | None = None
    stale_after_h: int | None = None
    all_columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_columns", self.columns + BOOKKEEPING)
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
    """Column of every list whose absent rows are proved absent by a whole read."""
    return boolean("is_removed", "True in the row that says the item had left the list by `read_at`.", null=False)


BOOKKEEPING = (
    timestamp("read_at", "UTC time of the run that read the row.", null=False),
    text("row_hash", "Fingerprint of what was read; a row is appended only when it is new or changed.", null=False),
)
