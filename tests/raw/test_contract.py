"""The contract: columns are added, never renamed or retyped, and undeclared columns are refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import dlt
import pyarrow.parquet as pq
import pytest
from dlt.common.schema.exceptions import DataValidationError
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.lake.destination import lake_destination
from pipelines.lake.manifest import WrongLake
from pipelines.load import cause
from pipelines.raw import contract
from pipelines.spotify.source import spotify
from pipelines.spotify.tables import TABLES
from tests.account import Account, report
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    account = new_account(size=20, playlists=1)
    account.load()
    return account


def kept(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((account.dataset.parent / "lake.json").read_text())
    return found


def keep(account: Account, record: dict[str, Any]) -> None:
    (account.dataset.parent / "lake.json").write_text(json.dumps(record))


def test_the_lake_records_its_columns_and_no_id_of_its_account(account: Account) -> None:
    record = kept(account)
    assert record["columns"]["spotify"] == contract.declared(TABLES.values())
    assert len(record["accounts"]) == 2
    assert "demo-account" not in json.dumps(record)


@pytest.mark.parametrize(
    ("column", "kind", "message"),
    [("duration_ms", "text", "duration_ms as text, this version has bigint"), ("mood", "text", "no such column")],
    ids=["retyped", "renamed or dropped"],
)
def test_a_lake_whose_columns_this_version_would_change_is_refused(
    account: Account, column: str, kind: str, message: str
) -> None:
    record = kept(account)
    record["columns"]["spotify"]["tracks"][column] = kind
    keep(account, record)
    with pytest.raises(WrongLake, match=message):
        account.load()
    assert account.asked() == {}
    assert kept(account) == record


def test_a_lake_of_another_layout_is_refused(account: Account) -> None:
    keep(account, kept(account) | {"layout": 2})
    with pytest.raises(WrongLake, match="layout 2"):
        account.load()


def test_a_column_that_is_added_is_null_in_older_files_and_filled_in_new_ones(account: Account) -> None:
    record = kept(account)
    del record["columns"]["spotify"]["tracks"]["isrc"]
    keep(account, record)
    older = list(account.dataset.glob("tracks/*/*.parquet"))
    for file in older:
        pq.write_table(pq.read_table(file).drop_columns(["isrc"]), file)
    account.demo_server.mutate("save")
    assert report(account.load(), "saved_tracks").outcome == "read"
    assert kept(account)["columns"]["spotify"] == contract.declared(TABLES.values())
    counts = account.query("select count(*), count(isrc) from {tracks}")
    assert counts[0][0] > counts[0][1] > 0


def test_a_new_table_is_added_to_the_lake(account: Account) -> None:
    record = kept(account)
    del record["columns"]["spotify"]["top_tracks"]
    keep(account, record)
    account.load()
    assert kept(account)["columns"]["spotify"] == contract.declared(TABLES.values())


@pytest.mark.parametrize("table", ["saved_tracks", "moods"], ids=["unknown column", "unknown table"])
def test_dlt_refuses_undeclared_tables_and_columns(account: Account, table: str) -> None:
    def undeclared() -> Iterator[Any]:
        yield dlt.mark.with_table_name([{"track_uri": "spotify:track:x", "mood": "blue"}], table)

    source = spotify(
        CLIENT_ID, REFRESH_TOKEN, api_url=account.demo_server.api_url, accounts_url=account.demo_server.accounts_url
    )
    source.resources.add(dlt.resource(undeclared, name="undeclared"))
    pipeline = dlt.pipeline(
        "frozen", pipelines_dir=str(account.folder / "frozen"), destination=lake_destination(account.lake)
    )
    with pytest.raises(PipelineStepFailed) as refused:
        pipeline.run(source.with_resources("undeclared"), loader_file_format="parquet")
    assert isinstance(cause(refused.value), DataValidationError)


def test_every_table_describes_its_grain_and_has_keys_that_are_never_null() -> None:
    for table in TABLES.values():
        assert table.description.startswith("One row per"), table.name
        columns = {column.name: column for column in table.all_columns}
        assert not [name for name in (*table.key, *table.parent) if columns[name].null], table.name
        assert all(column.description for column in table.all_columns)
