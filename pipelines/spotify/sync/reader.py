"""Reads the pages of one resource and turns their elements into rows."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pipelines.lake.source import ResourceReport
from pipelines.raw.changes import Key, Rows, pick
from pipelines.raw.table import Table
from pipelines.raw.values import fit_rows
from pipelines.spotify.errors import BrokenPage
from pipelines.spotify.resource import Json, Resource
from pipelines.spotify.rows.element import ElementPosition, Row
from pipelines.spotify.run import Run
from pipelines.spotify.sync.halving import Halving, Unreadable, longest
from pipelines.spotify.sync.page import LIMIT, Page, Position, limit_of, total_of

NAMED = 5
State = dict[str, Any]


@dataclass(frozen=True)
class ParentsRead:
    """What a parent resource read in this run, for its child resources. `is_complete` when it read all elements."""

    elements: list[Json]
    is_complete: bool


@dataclass
class ResourceReader:
    """One resource in one run. `state` is the resource's dlt state and survives the run.

    `elements` collects what was read when child resources need it; `is_complete` says that nothing is missing.
    """

    resource: Resource
    run: Run
    state: State
    report: ResourceReport
    parents: ParentsRead | None = None
    keeps_elements: bool = False
    elements: list[Json] = field(default_factory=list)
    is_complete: bool = False

    @property
    def table(self) -> Table:
        return self.run.changes.tables[self.resource.name]

    def get(self, path_params: dict[str, str], **parameters: Any) -> Json:
        """The page object of one request. Raises BrokenPage when it holds no list of items.

        When a page with an `offset` always fails, its items are read in parts, and an item that fails alone is
        `Unreadable`. A page with a cursor ends before such an item.
        """
        request = partial(self.request, path_params)
        if "offset" not in parameters:
            return longest(request, LIMIT, **parameters)
        place = " ".join(path_params.values()) or str(parameters.get("time_range", ""))
        known = self.state.get("unreadable", {}).get(place, {})
        more = {name: value for name, value in parameters.items() if name != "offset"}
        page = Halving(partial(request, **more), known, self.run.now).page(parameters["offset"], LIMIT)
        if known:
            self.state.setdefault("unreadable", {})[place] = known
        return page

    def request(self, path_params: dict[str, str], tries: int | None, **parameters: Any) -> Json:
        """The page object of one request, without reading around an item that fails."""
        resource = self.resource
        attempts: dict[str, Any] = {} if tries is None else {"tries": tries}
        answer = self.run.api.get(
            resource.path.format(**path_params),
            endpoint=resource.path,
            resource=resource.name,
            **attempts,
            **dict[str, Any](resource.parameters),
            **parameters,
        )
        page = answer.get(resource.data_selector) if resource.data_selector else answer
        if not isinstance(page, dict) or not isinstance(page.get("items"), list):
            raise BrokenPage(f"{resource.path}: an answer without items")
        return page

    def page(self, position: Position, path_params: dict[str, str] | None = None) -> Page:
        """The page at a position. The address in `next` is not used: it can name a path that Spotify removed."""
        if self.resource.data_selector:
            found = self.get({}, **({"after": position} if position else {}))
            after = (found.get("cursors") or {}).get("after")
            following = after if found.get("next") else None
            return Page(found["items"], 1 if position else 0, total_of(found), following, limit_of(found))
        assert isinstance(position, int)
        found = self.get(path_params or {}, offset=position)
        total, limit = total_of(found), limit_of(found)
        is_last = found.get("next") is None if total is None else position + limit >= total
        return Page(found["items"], position, total, None if is_last else position + limit, limit)

    def take(self, page: Page, values: dict[str, str] | None = None) -> tuple[Rows, set[Key]]:
        """The page's new and changed rows, and the keys of all its elements.

        `values` are those of the parent, or of a time range. Raises ContractBroken.
        """
        rows, keys = self.parse(page, values or {})
        new = self.run.changes.changed(rows)
        self.report.rows_new += len(new.get(self.resource.name, ()))
        self.report.calls = self.run.api.budget.by_resource[self.resource.name]
        if self.keeps_elements:
            self.elements += [element for element in page.items if isinstance(element, dict)]
        self.run.on_progress(self.report)
        return new, keys

    def keys(self, page: Page, values: dict[str, str] | None = None) -> set[Key]:
        """The keys of a page without counting its rows, for a page that is read a second time."""
        return replace(self, report=ResourceReport(self.resource.name)).parse(page, values or {})[1]

    def own_rows(self, page: Page, values: dict[str, str]) -> list[Json]:
        """The page's rows of the resource's own table, without counting them."""
        rows, _ = replace(self, report=ResourceReport(self.resource.name)).parse(page, values)
        return [row for name, row in rows if name == self.resource.name]

    def unfinished(self, reason: str) -> None:
        """Report that the read is not complete. Its rows are kept, and a later run reads again."""
        self.report.outcome = "unfinished"
        self.report.reason = f"{reason}; a later run reads again"

    def parse(self, page: Page, values: dict[str, str]) -> tuple[list[Row], set[Key]]:
        """Rows of all tables for each element, and the keys of the resource's own rows. Their values fit the columns.

        An odd element costs only itself: it is counted and named in the report.
        """
        rows: list[Row] = []
        keys = set()
        for index, element in enumerate(page.items, start=page.offset):
            position = ElementPosition(index, self.run.now, values)
            if isinstance(element, Unreadable):
                self._leave_out(position, element.reason)
                if not self.resource.keeps_nulls:
                    continue
                element = None
            elif element is None:
                self.report.rows_null += 1
                if not self.resource.keeps_nulls:
                    continue
            else:
                self.report.rows_read += 1
            found = self._rows_of(element, position)
            keys |= {pick(row, self.table.key) for name, row in found[:1]}
            rows += found
        return rows, keys

    def _rows_of(self, element: Any, position: ElementPosition) -> list[Row]:
        """The rows of one element, its own first; empty when the element has no key, or none that can be stored."""
        try:
            found = list(self.resource.rows(element, position))
        except Exception as error:
            self._leave_out(position, f"{type(error).__name__} in rows.{self.resource.rows.__name__}: {error}")
            return []
        self.report.rows_unkeyed += not found
        nulled: dict[str, int] = {}
        fitted = fit_rows(self.run.changes.tables, found, nulled)
        for what, count in nulled.items():
            self.report.nulled[what] = self.report.nulled.get(what, 0) + count
        if fitted and fitted[0] is None:
            self._leave_out(position, f"no key in {next(iter(nulled))}")
            return []
        return [row for row in fitted if row is not None]

    def _leave_out(self, position: ElementPosition, problem: str) -> None:
        parent = next(iter(position.parent.values()), "")
        self.leave_out(f"{parent} element {position.index}: {problem}".strip())

    def leave_out(self, what: str) -> None:
        """Count an element that cannot be read or stored. The report names the first few."""
        self.report.rows_left_out += 1
        if len(self.report.odd_elements) < NAMED:
            self.report.odd_elements.append(what)
