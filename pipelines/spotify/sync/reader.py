"""One line of the menu, with what a run keeps while it reads it."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pipelines.raw.changes import ChangeFilter, Key, Rows, pick
from pipelines.raw.table import Table
from pipelines.spotify.client import Spotify
from pipelines.spotify.errors import BrokenPage, RunEnded
from pipelines.spotify.rows.elements import Place, RowsOf
from pipelines.spotify.rows.objects import Json, Row

LIMIT = 50
WORKERS = 4
State = dict[str, Any]
Position = int | str
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Resource:
    """What is read, with the scope it needs, the rule that ends the reading, and its row function."""

    name: str
    path: str
    scope: str | None
    how: "Callable[[Reading], Iterator[Rows]]"
    rows: RowsOf
    parameters: dict[str, str] = field(default_factory=dict)
    inside: str | None = None
    is_handle: bool = False
    keeps_nulls: bool = False

    @property
    def group(self) -> str:
        """Endpoints that one lock closes together; Spotify does not publish its groups, so the nearest folder."""
        return self.path.split("/{")[0] if "{" in self.path else "/".join(self.path.split("/")[:2])


@dataclass
class Report:
    """One row of `resource_runs` in the making."""

    resource: str
    calls: int = 0
    rows_read: int = 0
    rows_new: int = 0
    rows_removed: int = 0
    rows_null: int = 0
    rows_unkeyed: int = 0
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


@dataclass
class Run:
    """What the listings of one run share."""

    api: Spotify
    changes: ChangeFilter
    now: dt.datetime
    full: bool = False
    on_progress: Callable[[Report], None] = lambda report: None
    admit: Callable[[Json], None] = lambda profile: None
    reports: list[Report] = field(default_factory=list)
    handles: dict[str, str] = field(default_factory=dict)
    handles_are_whole: bool = False
    ended: RunEnded | None = None


@dataclass(frozen=True)
class Page:
    """`following` is where the next page begins: an offset, or the cursor of a list that has no offsets."""

    items: list[Any]
    offset: int
    total: int | None
    following: Position | None


@dataclass
class Reading:
    """One listing being read in one run."""

    resource: Resource
    run: Run
    state: State
    report: Report
    calls_before: int = 0

    @property
    def table(self) -> Table:
        return self.run.changes.tables[self.resource.name]

    def get(self, filled: dict[str, str], **parameters: Any) -> Json:
        """One page's object. Raises BrokenPage when it holds no list of items."""
        path = self.resource.path.format(**filled)
        answer = self.run.api.get(path, self.resource.path, limit=LIMIT, **self.resource.parameters, **parameters)
        page = answer.get(self.resource.inside) if self.resource.inside else answer
        if not isinstance(page, dict) or not isinstance(page.get("items"), list):
            raise BrokenPage(f"{self.resource.path}: an answer without items")
        return page

    def page(self, offset: Position, filled: dict[str, str] | None = None) -> Page:
        """The page at an offset; `next` is believed only as a sign, since it may name a removed path."""
        if self.resource.inside:
            found = self.get({}, **({"after": offset} if offset else {}))
            after = (found.get("cursors") or {}).get("after")
            return Page(found["items"], 1 if offset else 0, found.get("total"), after if found.get("next") else None)
        assert isinstance(offset, int)
        found = self.get(filled or {}, offset=offset)
        total = found.get("total")
        following = offset + LIMIT
        is_last = found.get("next") is None or (total is not None and following >= total)
        return Page(found["items"], offset, total, None if is_last else following)

    def take(self, page: Page, filled: dict[str, str] | None = None) -> tuple[Rows, set[Key]]:
        """The page's new rows, with the keys of all its elements. Raises BrokenPage, ContractBroken."""
        rows, keys = self.parse(page, filled or {})
        new = self.run.changes.of(rows)
        self.report.rows_new += len(new.get(self.resource.name, ()))
        self.report.calls = self.run.api.calls.total() - self.calls_before
        self.run.on_progress(self.report)
        return new, keys

    def keys(self, page: Page) -> set[Key]:
        """The keys of a page that is looked at again, which counts its rows no second time."""
        return replace(self, report=Report(self.resource.name)).parse(page, {})[1]

    def parse(self, page: Page, filled: dict[str, str]) -> tuple[list[Row], set[Key]]:
        rows: list[Row] = []
        keys = set()
        for index, element in enumerate(page.items, start=page.offset):
            if element is None:
                self.report.rows_null += 1
                if not self.resource.keeps_nulls:
                    continue
            else:
                self.report.rows_read += 1
            try:
                found = list(self.resource.rows(element, Place(index, self.run.now, filled)))
                keys |= {pick(row, self.table.key) for name, row in found[:1]}
            except (AttributeError, TypeError, KeyError) as error:
                raise BrokenPage(f"{self.resource.path}: element {index} has another shape ({error})") from None
            if not found:
                self.report.rows_unkeyed += 1
            rows += found
        return rows, keys


def prefetch(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Results in the order of the items, with a few requests under way at once."""
    pool = ThreadPoolExecutor(WORKERS)
    waiting: deque[Future[R]] = deque()
    is_left = False
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except (KeyboardInterrupt, GeneratorExit):
        is_left = True  # nobody is there to wait for an answer that may take a time-out
        raise
    finally:
        pool.shutdown(wait=not is_left, cancel_futures=True)
