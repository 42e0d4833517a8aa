"""Child resources: the children of a parent are read when the parent's marker has changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.http.prefetch import prefetch
from pipelines.raw.changes import Key, Rows
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import BrokenPage, BudgetSpent, Locked, Refused, ResourceStopped, RunEnded
from pipelines.spotify.resource import Parent
from pipelines.spotify.sync.page import Page, Position
from pipelines.spotify.sync.reader import ResourceReader

REFUSALS = (403, 404)
# After one of these errors, requests for the other parents would fail too.
STOPS_ALL = (Locked, BudgetSpent, RunEnded)


@dataclass
class Children:
    """The pages of one parent's children that were read in this run, and the error that ended the read."""

    values: dict[str, str]
    marker: str
    pages: list[Page] = field(default_factory=list)
    ended_by: Exception | None = None

    @property
    def parent_id(self) -> str:
        return next(iter(self.values.values()))


def per_parent(reader: ResourceReader) -> Iterator[Rows]:
    """Read the children of each parent whose marker differs from the last complete read or refusal.

    `state["read"]` keeps `[marker, total, newest key]` by parent id, `state["partial"]` where an unfinished read
    stopped. A parent that left the parent list loses its state when that list was read completely.
    """
    parent, parents = reader.resource.parent, reader.parents
    assert parent and parents is not None, f"{reader.resource.name} is read without its parent"
    state = reader.state
    known: dict[str, list[Any]] = state.setdefault("read", {})
    partial: dict[str, Any] = state.setdefault("partial", {})
    listed = {}
    for element in parents.elements:
        values = parent.values(element)
        children = Children(values, values[parent.marker_name])
        if children.parent_id:
            listed[children.parent_id] = children
    _check_fields(reader, parent, list(listed.values()))
    if parents.is_complete:
        for kept in (known, partial):
            for parent_id in kept.keys() - listed.keys():
                del kept[parent_id]
    changed = [
        children
        for parent_id, children in listed.items()
        if reader.run.full or known.get(parent_id, [None])[0] != children.marker
    ]
    if not changed:
        reason = f"no {parent.marker_name} has changed" if listed else f"{parent.resource} was not read"
        reader.report.outcome, reader.report.reason = "not due", reason
    yield from _read_changed(reader, parent, changed)


def _check_fields(reader: ResourceReader, parent: Parent, listed: list[Children]) -> None:
    """Raise BrokenPage when no element of the parent has a declared field: the declaration misspells it."""
    assert reader.parents
    fields = dict(parent.path_params) | {parent.marker_name: parent.marker}
    for name, path in fields.items():
        if reader.parents.elements and not any(children.values[name] for children in listed):
            raise BrokenPage(
                f"no element of {parent.resource} has the field {path}; "
                f"check parent= of {reader.resource.name} in pipelines/spotify/resources.py"
            )


def _read_changed(reader: ResourceReader, parent: Parent, changed: list[Children]) -> Iterator[Rows]:
    partial: dict[str, Any] = reader.state["partial"]
    stops: list[Exception] = []
    refused = 0
    for children in prefetch(lambda each: _read_pages(reader, parent, each, stops), changed):
        parent_id = children.parent_id
        newest: Key | None = None
        try:
            for page in children.pages:
                rows, _ = reader.take(page, children.values)
                newest = newest or (_first_key(reader, page, children) if parent.newest_first else None)
                yield rows
                partial[parent_id] = {"marker": children.marker, "offset": page.following}
        except (ContractBroken, BrokenPage) as error:
            children.ended_by = error
        if isinstance(children.ended_by, Refused) and children.ended_by.status in REFUSALS:
            yield _finish(reader, parent, children, "refused", children.ended_by.status, newest)
            refused += 1
            reader.report.reason = (
                f"Spotify hides the items of {refused} {parent.resource}; requested again when they change"
            )
        elif children.ended_by:
            stops.append(children.ended_by)
            offset = partial.get(parent_id, {}).get("offset", 0)
            reader.report.resume_from = reader.report.resume_from or f"{parent_id} {offset}"
            continue
        elif len({page.total for page in children.pages}) == 1:
            yield _finish(reader, parent, children, "read", None, newest)
        partial.pop(parent_id, None)
    if stops:
        # A failure for one parent does not stop the others. If a failure stopped all, the report names that failure.
        raise next((stop for stop in stops if isinstance(stop, STOPS_ALL)), stops[0])


def _read_pages(reader: ResourceReader, parent: Parent, children: Children, stops: list[Exception]) -> Children:
    """Request the pages of one parent's children. Runs in a worker thread, so it changes neither rows nor state."""
    begun = reader.state["partial"].get(children.parent_id)
    offset: Position | None = begun["offset"] if begun and begun["marker"] == children.marker else 0
    try:
        while offset is not None:
            for stop in stops:
                if isinstance(stop, STOPS_ALL):
                    raise stop
            page = reader.page(offset, children.values)
            children.pages.append(page)
            offset = page.following
            if parent.newest_first and offset is not None and _is_explained(reader, children):
                return children
    except STOPS_ALL as stop:
        children.ended_by = stop
        stops.append(stop)
    except ResourceStopped as stop:
        children.ended_by = stop
    return children


def _is_explained(reader: ResourceReader, children: Children) -> bool:
    """Whether the rows before the newest row of the last complete read explain how `total` has grown since."""
    kept = reader.state["read"].get(children.parent_id)
    if reader.run.full or not kept or kept[1] is None or kept[2] is None or children.pages[0].offset:
        return False
    read = [_key(reader, page, index, children) for page in children.pages for index in range(len(page.items))]
    newest = tuple(kept[2])
    return newest in read and children.pages[-1].total == kept[1] + read.index(newest)


def _first_key(reader: ResourceReader, page: Page, children: Children) -> Key | None:
    return None if page.offset or not page.items else _key(reader, page, 0, children)


def _key(reader: ResourceReader, page: Page, index: int, children: Children) -> Key:
    """The key of one element as text, or an empty one for an element without a key."""
    one = Page(page.items[index : index + 1], page.offset + index, page.total, None)
    found = reader.keys(one, children.values)
    return tuple(map(str, next(iter(found), ())))


def _finish(
    reader: ResourceReader, parent: Parent, children: Children, outcome: str, status: int | None, newest: Key | None
) -> Rows:
    """Record in the state that the parent was read to the end, or that Spotify does not show its children."""
    total = children.pages[-1].total if children.pages else None
    reader.state["read"][children.parent_id] = [children.marker, total, list(newest) if newest else None]
    if parent.reads_table is None:
        return {}
    row = children.values | {"outcome": outcome, "http_status": status, "items_total": total}
    return reader.run.changes.changed([(parent.reads_table, row)])
