"""The children of one parent: what earlier runs know of them, and their pages in this run."""

from dataclasses import astuple, dataclass, field, replace
from typing import Any

from pipelines.raw.changes import Key
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import BrokenPage, BudgetSpent, Locked, RunEnded
from pipelines.spotify.resource import Parent
from pipelines.spotify.sync.doubt import fingerprint
from pipelines.spotify.sync.page import Page, Position
from pipelines.spotify.sync.pager import Pager
from pipelines.spotify.sync.reader import ResourceReader

# After one of these errors, requests for the other parents would fail too.
STOPS_ALL = (Locked, BudgetSpent, RunEnded)


@dataclass
class Known:
    """The last complete read of one parent's children, as the state keeps it.

    `content` is a fingerprint of the rows. `label` is the marker that the rows have in the raw table. `expected` is the
    number of children that the parent named.
    """

    marker: str
    total: int | None
    newest: list[str] | None = None
    content: str | None = None
    label: str | None = None
    expected: int | None = None

    @property
    def counted(self) -> int | None:
        return self.total if self.expected is None else self.expected

    def to_state(self) -> list[Any]:
        return list(astuple(self))


@dataclass
class Children:
    """One parent, the pages of its children that were read in this run, and the error that ended the read."""

    values: dict[str, str]
    marker: str
    expected: int | None = None
    is_own: bool = True
    known: Known | None = None
    pages: list[Page] = field(default_factory=list)
    ended_by: Exception | None = None
    is_explained: bool = False

    @property
    def parent_id(self) -> str:
        return next(iter(self.values.values()))

    @property
    def total(self) -> int | None:
        return self.pages[-1].total if self.pages else None

    @property
    def has_unreadable(self) -> bool:
        return any(page.has_unreadable for page in self.pages)

    @property
    def is_whole(self) -> bool:
        return bool(self.pages) and self.pages[0].offset == 0 and not self.is_explained

    def label(self, content: str | None) -> str:
        """The marker that the rows get in the raw table.

        Other rows under the same marker get a label of their own, `marker~2`, so that the rows before them stay. The
        same rows under a new marker keep their label, unless the listener made the new marker.
        """
        known = self.known
        kept = known and (known.label or known.marker)
        if not known or not kept or (known.marker != self.marker and (self.is_own or known.content != content)):
            return self.marker
        if None in (content, known.content) or known.content == content:
            return kept
        marker, _, version = kept.partition("~")
        return f"{marker}~{int(version or 1) + 1}"

    def again(self) -> "Children":
        return replace(self, pages=[], ended_by=None, is_explained=False)


def read_pages(
    reader: ResourceReader, parent: Parent, children: Children, begun: Position | None, stops: list[Exception]
) -> Children:
    """Request the pages of one parent's children. Runs in a worker thread, so it changes neither rows nor state."""
    offset: Position | None = begun or 0
    pager = Pager(reader, children.values)
    try:
        while offset is not None:
            for stop in stops:
                if isinstance(stop, STOPS_ALL):
                    raise stop
            page = pager.page(offset)
            children.pages.append(page)
            offset = None if page.problem else page.following
            if parent.newest_first and offset is not None and _explains(reader, children):
                children.is_explained = True
                return children
    except STOPS_ALL as stop:
        children.ended_by = stop
        stops.append(stop)
    except Exception as stop:
        children.ended_by = stop
    return children


def _explains(reader: ResourceReader, children: Children) -> bool:
    """Whether the rows before the newest row of the last complete read explain how `total` has grown since."""
    known = children.known
    if reader.run.full or not known or known.total is None or known.newest is None or children.pages[0].offset:
        return False
    read = [_key(reader, page, index, children) for page in children.pages for index in range(len(page.items))]
    newest = tuple(known.newest)
    return newest in read and children.total == known.total + read.index(newest)


def newest_key(reader: ResourceReader, children: Children) -> list[str] | None:
    """The key of the first child, as text."""
    first = children.pages[0] if children.pages else None
    return list(_key(reader, first, 0, children)) if first and first.items and not first.offset else None


def _key(reader: ResourceReader, page: Page, index: int, children: Children) -> Key:
    """The key of one element as text, or an empty one for an element without a key."""
    one = Page(page.items[index : index + 1], page.offset + index, page.total, None)
    found = reader.keys(one, children.values)
    return tuple(map(str, next(iter(found), ())))


def content_of(reader: ResourceReader, parent: Parent, children: Children) -> str | None:
    """A fingerprint of the children's own rows, whatever the marker is; None if they were not read from the start."""
    if not children.is_whole:
        return None
    values = children.values | {parent.marker_name: ""}
    try:
        return fingerprint(row for page in children.pages for row in reader.own_rows(page, values))
    except (BrokenPage, ContractBroken):
        return None
