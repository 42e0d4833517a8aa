"""Child resources: the children of a parent are read when the parent's marker or count has changed."""

from collections.abc import Iterator

from pipelines.http.prefetch import prefetch
from pipelines.raw.changes import Rows
from pipelines.spotify.errors import BrokenPage, Refused
from pipelines.spotify.resource import Parent
from pipelines.spotify.sync.children import STOPS_ALL, Children, Known, content_of, newest_key, read_pages
from pipelines.spotify.sync.completeness import children_problem, is_accepted
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.sync.waits import Kind, Waits

REFUSALS = (403, 404)


def per_parent(reader: ResourceReader) -> Iterator[Rows]:
    """Read the children of each parent whose marker or count differs from the last complete read.

    `state["read"]` keeps that read by parent id, `state["partial"]` where an interrupted read stopped, and
    `state["waits"]` when children that were refused, unfinished or unchanged are read again. A parent that left the
    parent list loses its state when that list was read completely.
    """
    parent, parents = reader.resource.parent, reader.parents
    assert parent and parents is not None, f"{reader.resource.name} is read without its parent"
    state = reader.state
    known = state.setdefault("read", {})
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
        for by_parent in (known, state.setdefault("partial", {}), state["waits"]):
            for parent_id in by_parent.keys() - listed.keys():
                del by_parent[parent_id]
    due = [children for children in listed.values() if reader.run.full or _is_due(children, waits)]
    if not due:
        reason = f"no {parent.marker_name} has changed" if listed else f"{parent.resource} was not read"
        reader.report.outcome, reader.report.reason = "not due", reason
    yield from _Reads(reader, parent, waits).all(due)


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


class _Reads:
    """The reads of one run. What is refused or unfinished for the first time is requested once more at their end."""

    def __init__(self, reader: ResourceReader, parent: Parent, waits: Waits) -> None:
        self.reader, self.parent, self.waits = reader, parent, waits
        self.partial = reader.state["partial"]
        self.stops: list[Exception] = []
        self.again: list[Children] = []
        self.hidden = 0
        self.unfinished: list[str] = []

    def all(self, due: list[Children]) -> Iterator[Rows]:
        for children in prefetch(self._read, due):
            yield from self._conclude(children, may_repeat=True)
        for children in prefetch(self._read, [each.again() for each in self.again]):
            yield from self._conclude(children, may_repeat=False)
        self._report()
        if self.stops:
            # A failure for one parent does not stop the others. If one stopped all, the report names that failure.
            raise next((stop for stop in self.stops if isinstance(stop, STOPS_ALL)), self.stops[0])

    def _read(self, children: Children) -> Children:
        begun = self.partial.get(children.parent_id)
        offset = begun["offset"] if begun and begun["marker"] == children.marker else 0
        return read_pages(self.reader, self.parent, children, offset, self.stops)

    def _conclude(self, children: Children, may_repeat: bool) -> Iterator[Rows]:
        stop = children.ended_by
        if isinstance(stop, Refused) and stop.status in REFUSALS:
            if may_repeat and self._kind(children) == "refused" and self._is_first(children, "refused"):
                self.again.append(children)
            else:
                yield self._refused(children, stop.status)
        elif stop:
            yield from self._interrupted(children)
        else:
            problem = None if children.is_explained else children_problem(children.pages, children.expected)
            if children.has_unreadable:
                problem = "some items cannot be read"
            is_first = may_repeat and not children.has_unreadable and self._is_first(children, "unfinished")
            if problem and is_first:
                self.again.append(children)
            elif not problem or self._is_accepted(children, problem):
                yield from self._finished(children, problem)
            else:
                self.partial.pop(children.parent_id, None)
                self.waits.begin(children.parent_id, "unfinished", children.marker)
                self.unfinished.append(problem)

    def _kind(self, children: Children) -> Kind:
        return "refused" if children.is_own or children.known else "hidden"

    def _is_first(self, children: Children, kind: Kind) -> bool:
        return self.waits.kind(children.parent_id) != kind

    def _refused(self, children: Children, status: int) -> Rows:
        self.hidden += 1
        self.partial.pop(children.parent_id, None)
        kind = self._kind(children)
        is_new = self._is_first(children, kind)
        self.waits.begin(children.parent_id, kind, children.marker)
        return self._outcome(children, "refused", status) if is_new else {}

    def _interrupted(self, children: Children) -> Iterator[Rows]:
        """Keep the rows before the error. Rows of a marker that was read before could mix with the new ones."""
        if not children.known or children.known.marker != children.marker:
            yield from self._take(children)
        self._stopped(children)

    def _take(self, children: Children) -> Iterator[Rows]:
        """The rows of the pages. A page that cannot be stored ends them; the next run goes on with it."""
        try:
            for page in children.pages:
                yield self.reader.take(page, children.values)[0]
                self.partial[children.parent_id] = {"marker": children.marker, "offset": page.following}
        except Exception as error:
            children.ended_by = error

    def _stopped(self, children: Children) -> None:
        assert children.ended_by
        self.stops.append(children.ended_by)
        offset = self.partial.get(children.parent_id, {}).get("offset", 0)
        self.reader.report.resume_from = self.reader.report.resume_from or f"{children.parent_id} {offset}"

    def _is_accepted(self, children: Children, problem: str) -> bool:
        if children.has_unreadable:
            # An item that cannot be read has not left the list, so an earlier complete read stays.
            return children.known is None
        sent = sum(len(page.items) for page in children.pages)
        lost = ((children.known and children.known.total) or 0) - sent
        evidence = f"{children.marker} {children.expected} {problem}"
        seen = self.waits.doubt(children.parent_id, evidence)
        return is_accepted(seen, lost, sent, children.total, children.expected)

    def _finished(self, children: Children, problem: str | None) -> Iterator[Rows]:
        content = content_of(self.reader, self.parent, children)
        is_same = children.known is not None and content is not None and children.known.content == content
        label = children.values[self.parent.marker_name] = children.label(content)
        yield from self._take(children)
        if children.ended_by:
            self._stopped(children)
            return
        newest = newest_key(self.reader, children) if self.parent.newest_first else None
        read = Known(children.marker, children.total, newest, content, label, children.expected)
        self.reader.state["read"][children.parent_id] = read.to_state()
        self.partial.pop(children.parent_id, None)
        if problem:
            self.waits.begin(children.parent_id, "unfinished", children.marker)
        elif is_same and not children.is_own:
            self.waits.begin(children.parent_id, "unchanged", children.marker)
        else:
            self.waits.end(children.parent_id)
        yield self._outcome(children, "read", None)

    def _outcome(self, children: Children, outcome: str, status: int | None) -> Rows:
        if self.parent.reads_table is None:
            return {}
        row = children.values | {"outcome": outcome, "http_status": status, "items_total": children.total}
        return self.reader.run.changes.changed([(self.parent.reads_table, row)])

    def _report(self) -> None:
        lists, report = self.parent.resource, self.reader.report
        if self.hidden:
            report.reason = f"Spotify hides the items of {self.hidden} {lists}; requested again after a pause"
        if self.unfinished:
            hidden = f"{report.reason}; " if report.reason else ""
            self.reader.unfinished(f"{hidden}{len(self.unfinished)} {lists} are not complete ({self.unfinished[0]})")
