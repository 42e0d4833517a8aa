"""What a source of the lake is, and what a load of it gives back."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.raw.changes import RowHashes
from pipelines.raw.errors import RunEnded
from pipelines.raw.table import Table

if TYPE_CHECKING:
    from pipelines.lake.store import Dataset
    from pipelines.settings import Settings


@dataclass
class ResourceReport:
    """One row of `resource_runs`: what one resource did in one run. Times are naive UTC.

    `nulled` counts values that did not fit their column, by column and kind: `{"tracks.duration_ms (a text)": 3}`.
    `odd_elements` names elements that were left out: "element 130: status 500". `traceback` is that of an error in the
    program, which is kept in a file and not in the lake.
    """

    resource: str
    calls: int = 0
    rows_read: int = 0
    rows_new: int = 0
    rows_removed: int = 0
    rows_null: int = 0
    rows_unkeyed: int = 0
    rows_left_out: int = 0
    total: int | None = None
    is_whole: bool = False
    is_proved: bool = False
    outcome: str = "read"
    reason: str | None = None
    resume_from: str | None = None
    not_before: dt.datetime | None = None
    oldest_at: dt.datetime | None = None
    newest_at: dt.datetime | None = None
    gap_from: dt.datetime | None = None
    gap_until: dt.datetime | None = None
    nulled: dict[str, int] = field(default_factory=dict)
    odd_elements: list[str] = field(default_factory=list)
    traceback: str | None = None

    @property
    def values_nulled(self) -> int:
        return sum(self.nulled.values())

    @property
    def oddities(self) -> str | None:
        """What was set to null and what was left out, as one text; None when everything fitted."""
        return ", ".join([*counted(self.nulled), *self.odd_elements]) or None


def counted(nulled: Mapping[str, int]) -> list[str]:
    """Texts such as "tracks.duration_ms 3 (a text)"."""
    return [what.replace(" ", f" {count} ", 1) for what, count in nulled.items()]


@dataclass(frozen=True)
class LoadContext:
    """What a source gets for one load. `on_wait` is called with an endpoint and seconds before a long wait.

    `dataset` are its files in the lake, and `completed` the ids of its complete loads.
    """

    settings: "Settings"
    row_hashes: RowHashes
    dataset: "Dataset"
    completed: set[str]
    full: bool = False
    on_progress: Callable[[ResourceReport], None] = lambda report: None
    on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None


@dataclass
class SourceResult:
    """What one source did in one load. `rows` are those appended, by table; `calls` are requests, by endpoint."""

    account: str = ""
    mode: str = ""
    reports: list[ResourceReport] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    token_calls: int = 0
    warnings: list[str] = field(default_factory=list)
    ended: RunEnded | None = None


class OpenSource(Protocol):
    """A source that is ready to load. `account_ids` are compared with the account that owns the lake.

    `dlt_source` is called for each load of the run, and the source has all resources each time.
    """

    account_ids: list[str]

    def dlt_source(self) -> Any: ...
    def result(self) -> SourceResult: ...


@dataclass(frozen=True)
class Source:
    """One source of the lake. Its name is the folder in the lake, the dlt pipeline and the dbt source.

    `open` may raise RunEnded, when nothing can be read at all, and BadSetting. `first` names resources that get a load
    of their own before all others: their rows are in the lake even if the rest hangs, breaks or is killed. A source
    for which `is_due` is false has nothing to read, and a load passes it by. A source that does not read all its
    resources (`reads_all`), as in a poll, heals no damage and compacts no files: it is short.
    """

    name: str
    description: str
    tables: Mapping[str, Table]
    resources: tuple[str, ...]
    needs_account: bool
    open: Callable[[LoadContext], AbstractContextManager[OpenSource]]
    first: tuple[str, ...] = ()
    is_due: Callable[["Settings"], bool] = lambda settings: True
    reads_all: bool = True

    @property
    def parts(self) -> list[tuple[str, ...]]:
        """The resources of each load, in order."""
        rest = tuple(name for name in self.resources if name not in self.first)
        return [names for names in (self.first, rest) if names]
