"""Imports through dlt, as `make import` makes them."""

from pathlib import Path

import duckdb
import pytest

from pipelines.lake import damage, manifest
from pipelines.lake.store import Lake
from tests.streaming_history.exports import extended, music, zipped
from tests.streaming_history.lakes import ExportLake, outcomes

CONTENTS = {
    "Streaming_History_Audio_2024.json": [extended(n) for n in range(30)],
    "StreamingHistory_music_0.json": [music(n) for n in range(20)],
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> ExportLake:
    folder = tmp_path_factory.mktemp("loaded")
    lake = ExportLake(folder / "home")
    assert outcomes(lake.load(zipped(folder / "export.zip", CONTENTS))) == {"kept": 50}
    return lake


def test_a_load_writes_what_the_tables_declare_in_one_load(loaded: ExportLake) -> None:
    rows = {table: loaded.rows(table) for table in ("streams", "one_year_streams", "import_files", "covered_spans")}
    assert {table: len(found) for table, found in rows.items()} == {
        "streams": 30,
        "one_year_streams": 20,
        "import_files": 2,
        "covered_spans": 2,
    }
    assert len({row["_dlt_load_id"] for found in rows.values() for row in found}) == 1
    assert len({row["_dlt_id"] for row in rows["streams"]}) == 30
    assert rows["streams"][0]["_dlt_id"].startswith(rows["streams"][0]["_dlt_load_id"])


def test_a_lake_that_begins_with_an_import_has_no_account(loaded: ExportLake) -> None:
    assert manifest.accounts(Lake.of(loaded.settings)) == []


def test_the_files_of_the_lake_are_compressed_with_zstd(loaded: ExportLake) -> None:
    files = loaded.dataset.files("streams")
    found = duckdb.execute("select distinct compression from parquet_metadata($1)", [files[0]]).fetchall()
    assert found == [("ZSTD",)]


def test_dlt_takes_over_the_files_as_they_were_written(loaded: ExportLake) -> None:
    files = loaded.dataset.files("streams")
    found = duckdb.execute(
        "select path_in_schema, dictionary_page_offset is not null from parquet_metadata($1) "
        "where path_in_schema in ('ts', 'platform')",
        [files[0]],
    ).fetchall()
    assert dict(found) == {"ts": False, "platform": True}


def test_an_archive_whose_rows_were_damaged_is_read_again(loaded: ExportLake, tmp_path: Path) -> None:
    lake = Lake.of(loaded.settings)
    damage.move_away(loaded.dataset, loaded.dataset.files("streams"))
    assert loaded.rows("streams") == []
    report = loaded.load(loaded.folder.parent / "export.zip")
    assert outcomes(report) == {"kept": 30, "known": 20}
    assert damage.missing_rows(lake) == []
    assert len(loaded.rows("streams")) == 30
