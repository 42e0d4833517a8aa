"""Many sources in one lake. A source that needs no account loads without one."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dlt
import pyarrow.parquet as pq
import pytest

from pipelines.lake import manifest
from pipelines.lake.source import LoadContext, ResourceReport, Source, SourceResult
from pipelines.lake.store import Lake
from pipelines.load import LoadResult, load
from pipelines.raw import contract
from pipelines.raw.changes import ChangeFilter
from pipelines.raw.table import Table, text
from pipelines.settings import Settings, load_settings
from pipelines.sources import SOURCES
from tests.account import Account

TABLES = {
    "concerts": Table(
        "concerts",
        "One row per concert.",
        key=("concert_id",),
        columns=(text("concert_id", "Id of the concert.", null=False), text("city", "City.")),
    )
}
CITIES = {"c1": "Oslo", "c2": "Lima"}


class OpenConcerts:
    def __init__(self, context: LoadContext) -> None:
        self.account_ids: list[str] = []
        self._changes = ChangeFilter(TABLES, context.row_hashes, context.settings.now)

    def dlt_source(self) -> Any:
        schema = contract.dlt_schema("concerts", TABLES.values(), ["concerts"])

        @dlt.source(schema=schema, schema_contract="freeze", max_table_nesting=0)
        def concerts() -> Any:
            def rows() -> Iterator[Any]:
                found = [("concerts", {"concert_id": key, "city": city}) for key, city in CITIES.items()]
                for table, changed in self._changes.changed(found).items():
                    yield dlt.mark.with_table_name(changed, table)

            return dlt.resource(rows, name="concerts", table_name="concerts")

        return concerts()

    def result(self) -> SourceResult:
        return SourceResult(reports=[ResourceReport("concerts")], rows=dict(self._changes.appended))


@contextmanager
def opened(context: LoadContext) -> Iterator[OpenConcerts]:
    yield OpenConcerts(context)


CONCERTS = Source("concerts", "Concerts.", TABLES, ("concerts",), needs_account=False, open=opened)


def settings_without_account(folder: Path) -> Settings:
    return load_settings({"SPOTIFY_TOKEN_FILE": ""}, folder)


def test_a_source_without_an_account_loads_into_a_lake_without_an_account(tmp_path: Path) -> None:
    settings = settings_without_account(tmp_path)
    assert load(settings, sources=[CONCERTS]).rows == {"concerts": 2}
    lake = Lake(settings.lake_url)
    assert manifest.accounts(lake) == []
    (file,) = lake.dataset("concerts").files("concerts")
    assert {row["city"] for row in pq.read_table(file).to_pylist()} == set(CITIES.values())


def test_a_second_load_of_a_source_without_changes_appends_nothing(tmp_path: Path) -> None:
    settings = settings_without_account(tmp_path)
    load(settings, sources=[CONCERTS])
    assert load(settings, sources=[CONCERTS]).rows == {}


def test_two_sources_share_one_lake_and_one_manifest(account: Account) -> None:
    settings = account.ready()
    loaded = load(settings, sources=[*SOURCES, CONCERTS])
    assert list(loaded.sources) == ["spotify", "concerts"]
    assert loaded.rows["concerts"] == 2
    assert loaded.rows["saved_tracks"] == 120
    record = account.lake.read_json(manifest.MANIFEST)
    assert record
    assert set(record["columns"]) == {"spotify", "streaming_history", "concerts"}
    assert len(record["accounts"]) == 2
    assert account.completed()
    assert account.lake.dataset("concerts").completed()


def test_a_source_without_an_account_loads_into_a_lake_that_has_one(account: Account) -> None:
    account.load()
    before = manifest.accounts(account.lake)
    load(account.ready(), sources=[CONCERTS])
    assert manifest.accounts(account.lake) == before


def test_a_source_with_a_retyped_column_is_refused_and_the_column_is_named(tmp_path: Path) -> None:
    settings = settings_without_account(tmp_path)
    load(settings, sources=[CONCERTS])
    lake = Lake(settings.lake_url)
    record = lake.read_json(manifest.MANIFEST)
    assert record
    record["columns"]["concerts"]["concerts"]["city"] = "bigint"
    lake.write_json(manifest.MANIFEST, record)
    with pytest.raises(manifest.WrongLake, match=r"concerts\.city as bigint, this version has text"):
        load(settings, sources=[CONCERTS])


def test_a_load_uses_the_time_of_its_settings(tmp_path: Path) -> None:
    settings = settings_without_account(tmp_path)
    load(settings, sources=[CONCERTS])
    (file,) = Lake(settings.lake_url).dataset("concerts").files("concerts")
    (read_at,) = {row["read_at"] for row in pq.read_table(file).to_pylist()}
    assert read_at == settings.now.replace(microsecond=settings.now.microsecond // 1000 * 1000)
    assert isinstance(read_at, dt.datetime)


def test_counts_of_two_sources_with_one_name_are_added() -> None:
    one, other = SourceResult(rows={"tracks": 2}, calls={"me": 1}), SourceResult(rows={"tracks": 3}, calls={"me": 4})
    loaded = LoadResult({"one": one, "other": other})
    assert loaded.rows == {"tracks": 5}
    assert loaded.calls == {"me": 5}
