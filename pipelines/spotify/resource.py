"""The declaration of one resource, and the check of all declarations at import."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING, Any

from pipelines.raw.changes import Rows
from pipelines.raw.table import Table
from pipelines.raw.values import Unfit, fit_bigint, fit_text
from pipelines.spotify.rows.element import RowsOf

if TYPE_CHECKING:
    from pipelines.spotify.sync.reader import ResourceReader

Json = dict[str, Any]


class BadDeclaration(ValueError):
    """A resource is declared wrongly. The message says which one, what is wrong and how to correct it."""


@dataclass(frozen=True)
class Parent:
    """The parent of a child resource: `/playlists/{playlist_id}/items` is read once per playlist.

    `resource` names the parent resource. `path_params` maps each placeholder of the child's path to a field of the
    parent's elements; dots lead into nested objects. `marker` is the field whose value changes when the children
    change: children are read only if the marker differs from that of the last complete read. With `newest_first` a
    read stops at the newest child of the last complete read, if the new children explain the total. `reads_table`
    names a raw table that gets one row per parent whose children were read to the end or refused. `count` names the
    fields that may hold the number of children, `owner` the field with the id of the parent's owner.
    """

    resource: str
    path_params: Mapping[str, str]
    marker: str
    newest_first: bool = False
    reads_table: str | None = None
    count: tuple[str, ...] = ()
    owner: str | None = None

    def values(self, element: Json) -> dict[str, str]:
        """Path parameters and marker of one element of the parent, as text. The first value is the parent's id.

        A value that is no text and no whole number is empty.
        """
        fields = dict(self.path_params) | {self.marker_name: self.marker}
        return {name: _field(element, path) for name, path in fields.items()}

    def count_of(self, element: Json) -> int | None:
        """The number of children that one element of the parent names; None when it names none."""
        found = (_field(element, path) for path in self.count)
        return next((int(count) for count in found if count.isdigit()), None)

    def owner_of(self, element: Json) -> str:
        return _field(element, self.owner) if self.owner else ""

    @property
    def marker_name(self) -> str:
        return self.marker.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class Resource:
    """One list of the Web API and the raw table of the same name.

    `scope` is the OAuth scope that the list needs, None for none. `strategy` says when to stop reading. `rows` makes
    rows from one element. `data_selector` is the key that wraps the page. With `keeps_nulls` a null element keeps
    its position and becomes a row.
    """

    name: str
    path: str
    scope: str | None
    strategy: "Callable[[ResourceReader], Iterator[Rows]]"
    rows: RowsOf
    parameters: Mapping[str, str] = field(default_factory=dict)
    data_selector: str | None = None
    keeps_nulls: bool = False
    parent: Parent | None = None

    @property
    def endpoint_group(self) -> str:
        """The endpoints that one rate-limit lock closes. Spotify does not publish its groups; this is our guess."""
        return self.path.split("/{")[0] if "{" in self.path else "/".join(self.path.split("/")[:2])


def checked(
    resources: tuple[Resource, ...], tables: Mapping[str, Table], scopes: Iterable[str]
) -> tuple[Resource, ...]:
    """Return the resources after checking that each has a table, a requested scope, and its parent before it.

    Raises BadDeclaration at import, so that a wrong line never reaches a run.
    """
    seen: set[str] = set()
    for resource in resources:
        if resource.name not in tables:
            raise BadDeclaration(
                f"resource {resource.name} has no table; add Table({resource.name!r}, ...) in pipelines/spotify/tables"
            )
        if resource.scope is not None and resource.scope not in scopes:
            raise BadDeclaration(
                f"resource {resource.name} needs scope {resource.scope!r}, which the login does not request; "
                "correct it, or add it to SCOPES in pipelines/spotify/resources.py"
            )
        if resource.name in seen:
            raise BadDeclaration(f"resource {resource.name} is declared twice; remove one line")
        _check_parent(resource, seen, tables)
        seen.add(resource.name)
    return resources


def _check_parent(resource: Resource, seen: set[str], tables: Mapping[str, Table]) -> None:
    placeholders = {name for _, name, _, _ in Formatter().parse(resource.path) if name}
    parent = resource.parent
    if parent is None:
        if placeholders:
            raise BadDeclaration(
                f"the path of resource {resource.name} has the placeholder {{{min(placeholders)}}}; "
                "add parent=Parent(...) that fills it"
            )
        return
    if parent.resource not in seen:
        raise BadDeclaration(
            f"resource {resource.name} has the parent {parent.resource}, which is not declared before it; "
            f"move the line of {resource.name} below the line of {parent.resource}"
        )
    if placeholders != set(parent.path_params):
        raise BadDeclaration(
            f"the path of resource {resource.name} has the placeholders {sorted(placeholders)}, but its parent fills "
            f"{sorted(parent.path_params)}; give both the same names"
        )
    if parent.reads_table is not None and parent.reads_table not in tables:
        raise BadDeclaration(
            f"resource {resource.name} names the reads_table {parent.reads_table}, which has no table; "
            f"add Table({parent.reads_table!r}, ...) in pipelines/spotify/tables"
        )


def _field(element: Json, path: str) -> str:
    value: Any = element
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str):
        return fit_text(value) or ""
    number = fit_bigint(value)
    return "" if isinstance(number, Unfit) else str(number)
