"""A Spotify account as a dlt source. The arguments of `spotify` are the credentials that it needs.

Feed -> table: each resource fills the table of its name (`resources.py`), and tracks, albums, artists, shows, episodes
and audiobooks that Spotify embeds fill tables of their own (`tables/`). Keys, types and descriptions are declared in a
schema up front, because `freeze` then holds from the first load on.
Run it alone: `python -m pipelines.spotify`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import dlt
from dlt.common.configuration.container import Container
from dlt.extract import DltResource
from dlt.extract.source import SourceInjectableContext

from pipelines.lake.source import ResourceReport
from pipelines.raw import contract
from pipelines.raw.changes import ChangeFilter, Rows, StateRowHashes
from pipelines.raw.clock import utc_now
from pipelines.spotify.auth import Tokens
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.resource import Resource
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.run import Run
from pipelines.spotify.sync.read import read_resource
from pipelines.spotify.sync.reader import ParentsRead
from pipelines.spotify.tables import TABLES
from pipelines.spotify.token_store import FileTokenStore

DECLARED = contract.dlt_schema("spotify", TABLES.values(), [resource.name for resource in RESOURCES])
PARENTS = {resource.parent.resource for resource in RESOURCES if resource.parent}

# What a dlt user does when Spotify refuses the refresh token.
CURE = "write a new refresh token into sources.spotify.refresh_token"

logger = logging.getLogger(__name__)


@dlt.source(section="spotify", schema=DECLARED, schema_contract="freeze", max_table_nesting=0)
def spotify(
    client_id: str = dlt.config.value,
    refresh_token: str = dlt.secrets.value,
    client_secret: str | None = None,
    token_file: str = ".dlt/spotify_token.json",
    on_rotated_token: Callable[[str], None] | None = None,
    max_calls_per_run: int | None = None,
    api_url: str = "https://api.spotify.com/v1",
    accounts_url: str = "https://accounts.spotify.com",
    run: Run | None = None,
) -> Iterable[DltResource]:
    """Everything that Spotify sends about one account, for any dlt destination; rows are only appended.

    `client_id` and `refresh_token` come from dlt's configuration, section `sources.spotify`. Without a
    `client_secret` Spotify may replace the refresh token at any time. The new token is kept in `token_file` with mode
    600, or given to `on_rotated_token`. `max_calls_per_run` bounds its HTTP requests. `run` is for a caller that
    knows the rows of its destination; it replaces the arguments before it.

    Without `run`, hashes of the appended rows are kept in dlt's state, so that a second run appends only rows that are
    new or changed. A resource that Spotify locks stops with a logged warning, and the pipeline run succeeds; the table
    `resource_runs` says what was read and when the lock ends. Raises ConsentNeeded, AppRefused and Unreachable.
    """
    if run is None:
        store = None if on_rotated_token else FileTokenStore(Path(token_file))
        tokens = Tokens(client_id, client_secret or "", refresh_token, accounts_url, store, on_rotated_token, cure=CURE)
        run = _plain_run(tokens, api_url, max_calls_per_run)
    return _resources(run)


def _plain_run(tokens: Tokens, api_url: str, max_calls: int | None) -> Run:
    now = utc_now()
    row_hashes = StateRowHashes(lambda: dlt.current.source_state().setdefault("row_hashes", {}))
    return Run(SpotifyClient(tokens, api_url, max_calls), ChangeFilter(TABLES, row_hashes, now), now, on_stop=_warn)


def _warn(report: ResourceReport) -> None:
    logger.warning("spotify: %s %s: %s", report.resource, report.outcome, report.reason)


def _resources(run: Run) -> Iterator[DltResource]:
    """A resource per line of RESOURCES. Parents and their children are transformers of one hidden resource, which
    reads the parent's list once. So the order of parent and child comes from the data flow."""
    lists: dict[str, DltResource] = {}
    for resource in RESOURCES:
        if resource.name in PARENTS:
            lists[resource.name] = dlt.resource(
                _read(resource, run, keeps_elements=True), name=f"{resource.name}_list", selected=False
            )
            yield lists[resource.name]
            yield dlt.transformer(
                _own_rows, data_from=lists[resource.name], name=resource.name, table_name=resource.name
            )
        elif resource.parent:
            yield dlt.transformer(
                _child_rows(resource, run),
                data_from=lists[resource.parent.resource],
                name=resource.name,
                table_name=resource.name,
            )
        else:
            yield dlt.resource(_marked(_read(resource, run)), name=resource.name, table_name=resource.name)


def _read(
    resource: Resource, run: Run, parents: ParentsRead | None = None, keeps_elements: bool = False
) -> Iterator[Rows | ParentsRead]:
    state = dlt.current.resource_state(resource.name)
    locks = dlt.current.source_state().setdefault("locks", {})
    yield from read_resource(resource, run, state, locks, parents, keeps_elements)


def _own_rows(read: Rows | ParentsRead) -> Iterator[Any]:
    if not isinstance(read, ParentsRead):
        yield from _marked([read])


def _child_rows(resource: Resource, run: Run) -> Callable[[Rows | ParentsRead], Iterator[Any]]:
    """A child selected without its parent loads the parent's rows as well: the parent's state says they are loaded."""
    assert resource.parent
    parent = resource.parent.resource

    def rows(read: Rows | ParentsRead) -> Iterator[Any]:
        if isinstance(read, ParentsRead):
            yield from _marked(_read(resource, run, read))
        elif parent not in Container()[SourceInjectableContext].source.selected_resources:
            yield from _marked([read])

    return rows


def _marked(batches: Iterable[Rows | ParentsRead]) -> Iterator[Any]:
    """Mark each list of rows with the name of its table, for dlt."""
    for tables in batches:
        assert isinstance(tables, dict)
        for table, rows in tables.items():
            yield dlt.mark.with_table_name(rows, table)
