"""A Spotify account as a dlt source: what it needs is its signature."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import dlt
from dlt.extract import DltResource

from pipelines.raw import contract
from pipelines.raw.changes import ChangeFilter, NoRowHashes
from pipelines.spotify.auth import Tokens
from pipelines.spotify.client import Spotify
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.sync import read
from pipelines.spotify.sync.reader import Resource, Run
from pipelines.spotify.tables import TABLES

# Every table and column is known from the start, so `freeze` refuses anything else from the first load on.
DECLARED = contract.schema([resource.name for resource in RESOURCES])


@dlt.source(schema=DECLARED, schema_contract="freeze", max_table_nesting=0)
def spotify(
    client_id: str = dlt.config.value,
    refresh_token: str = dlt.secrets.value,
    api_url: str = "https://api.spotify.com/v1",
    accounts_url: str = "https://accounts.spotify.com",
) -> Iterable[DltResource]:
    """A Spotify account for any dlt destination, one resource a listing; every row counts as new."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    api = Spotify(Tokens(client_id, "", refresh_token, accounts_url), api_url)
    return resources(Run(api, ChangeFilter(TABLES, NoRowHashes(), now), now))


@dlt.source(schema=DECLARED, schema_contract="freeze", max_table_nesting=0)
def spotify_into_lake(run: Run) -> Iterable[DltResource]:
    """The same listings for a run that knows what its lake already holds; see `pipelines.load`."""
    return resources(run)


def resources(run: Run) -> Iterator[DltResource]:
    for resource in RESOURCES:
        yield dlt.resource(pages(resource, run), name=resource.name, table_name=resource.name)


def pages(resource: Resource, run: Run) -> Iterator[Any]:
    """The listing's new rows, each list marked with its table."""
    state, locks = dlt.current.resource_state(resource.name), dlt.current.source_state().setdefault("locks", {})
    for tables in read(resource, run, state, locks):
        for table, rows in tables.items():
            yield dlt.mark.with_table_name(rows, table)
