"""Child resources: the children of a parent are read when the parent's marker or count has changed."""

from collections.abc import Iterator

from pipelines.raw.changes import Rows
from pipelines.spotify.errors import BrokenPage
from pipelines.spotify.resource import Parent
from pipelines.spotify.sync.child_reads import ChildReads
from pipelines.spotify.sync.children import Children, Known
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.sync.waits import Waits


def per_parent(reader: ResourceReader) -> Iterator[Rows]:
    """Read the children of each parent whose marker or count differs from the last complete read.

    `state["read"]` keeps that read by parent id, `state["partial"]` where an interrupted read stopped, and
    `state["waits"]` when children that were refused, unfinished or unchanged are read again. A parent that left the
    parent list loses its state when that list was read completely.
    """
    parent, parents = reader.resource.parent, reader.parents
    assert parent and parents is not None, f"{reader.resource.name} is read without its parent"
    state = reader.state
    known, partial = state.setdefault("read", {}), state.setdefault("partial", {})
    waits = Waits(state.setdefault("waits", {}), reader.run.now)
    listed: dict[str, Children] = {}
    for element in parents.elements:
        values = parent.values(element)
        children = Children(values, values[parent.marker_name], parent.count_of(element))
        children.is_own = parent.owner is None or parent.owner_of(element) == reader.run.profile()["id"]
        if children.parent_id:
            kept = known.get(children.parent_id)
            children.known = Known(*kept) if kept else None
            listed[children.parent_id] = children
    _check_fields(reader, parent, list(listed.values()))
    if parents.is_complete:
        for by_parent in (known, partial, state["waits"]):
            for parent_id in by_parent.keys() - listed.keys():
                del by_parent[parent_id]
    due = [children for children in listed.values() if reader.run.full or _is_due(children, waits)]
    if not due:
        reason = f"no {parent.marker_name} has changed" if listed else f"{parent.resource} was not read"
        reader.report.outcome, reader.report.reason = "not due", reason
    yield from ChildReads(reader, parent, waits).all(due)


def _is_due(children: Children, waits: Waits) -> bool:
    """Whether the children may have changed and do not wait. A change that the listener made does not wait."""
    known, kind = children.known, waits.kind(children.parent_id)
    has_other_count = known is not None and children.expected not in (None, known.counted)
    if known and known.marker == children.marker and not has_other_count and kind != "unfinished":
        return False
    if not waits.is_waiting(children.parent_id):
        return True
    is_edited = children.is_own and children.marker != waits.marker(children.parent_id)
    return is_edited or (kind == "unchanged" and has_other_count)


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
