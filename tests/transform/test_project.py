"""What every model must have: a twin that describes each column, a tested key, a contract on what people query."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.raw import contract
from pipelines.spotify.lake_source import SPOTIFY
from pipelines.spotify.tables import TABLES
from tests.transform.conftest import PROJECT

MODELS = sorted((PROJECT / "models").rglob("*.sql"))
FIRST_MARTS = set(
    "dim_artists dim_albums dim_tracks bridge_track_artists dim_playlists fct_plays fct_playlist_memberships "
    "fct_library_changes fct_top_artists fct_top_tracks".split()
)


def each(paths: Iterable[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sql", [pytest.param(path, id=path.stem) for path in paths])


def twin(sql: Path) -> dict[str, Any]:
    described = yaml.safe_load(sql.with_suffix(".yml").read_text())
    (model,) = described["models"]
    assert isinstance(model, dict)
    return model


@each(MODELS)
def test_a_model_is_described_with_every_column_typed(sql: Path) -> None:
    model = twin(sql)
    assert model["name"] == sql.stem
    assert model["description"].startswith("One row per ")
    for column in model["columns"]:
        assert column["data_type"] in contract.SQL_TYPES.values(), column
        assert column["description"].endswith("."), column


@each(MODELS)
def test_the_key_of_a_model_is_tested_and_consists_of_its_columns(sql: Path) -> None:
    model = twin(sql)
    keys = [test["key"]["arguments"]["columns"] for test in model["data_tests"] if "key" in test]
    assert len(keys) == 1
    assert set(keys[0]) <= {column["name"] for column in model["columns"]}


@each(path for path in MODELS if path.parent.name == "marts")
def test_marts_know_nothing_of_loading_or_the_clock(sql: Path) -> None:
    assert not [column["name"] for column in twin(sql)["columns"] if column["name"].startswith("_dlt")]
    assert not re.search(r"current_(date|timestamp)|now\(|run_started_at", sql.read_text())


@each(path for path in MODELS if path.stem.startswith("fct_"))
def test_facts_refer_to_their_dimensions(sql: Path) -> None:
    assert [test for test in twin(sql)["data_tests"] if "references" in test]


@each(MODELS)
def test_only_staging_reads_the_lake_and_only_macros_know_the_engine(sql: Path) -> None:
    text = sql.read_text()
    assert ("source(" in text or "completed_rows(" in text) == (sql.parent.parent.name == "staging")
    assert "target.type" not in text
    assert "config(" not in text
    assert len(text.splitlines()) <= 100


@pytest.mark.parametrize("table", TABLES)
def test_every_raw_table_has_a_staging_model_with_all_its_facts(table: str) -> None:
    model = twin(PROJECT / "models" / "staging" / "spotify" / f"stg_spotify__{table}.sql")
    read = (PROJECT / "models" / "staging" / "spotify" / f"stg_spotify__{table}.sql").read_text()
    missing = [name for name in raw_columns(table) if not re.search(rf"\b{name}\b", read)]
    assert not missing
    key = next(test["key"] for test in model["data_tests"] if "key" in test)["arguments"]["columns"]
    kept_in_full = "history=true" in read
    assert kept_in_full == ("_dlt_load_id" in key)
    assert kept_in_full or not TABLES[table].is_list, "whoever left a list is known by the history of its rows"


def raw_columns(table: str) -> list[str]:
    return [column.name for column in TABLES[table].all_columns if column.name != "row_hash"]


@pytest.mark.parametrize("table", TABLES)
def test_a_staging_model_reads_by_the_key_of_the_contract(table: str) -> None:
    read = (PROJECT / "models" / "staging" / "spotify" / f"stg_spotify__{table}.sql").read_text()
    (call,) = re.findall(r"completed_rows\(([^)]*)\)", read)
    assert re.findall(r"'(\w+)'", call)[0] == table
    assert listed(call, "key") == TABLES[table].key
    assert listed(call, "parent") in ((), TABLES[table].parent)
    assert bool(listed(call, "parent")) == (TABLES[table].parent != TABLES[table].key)


def listed(call: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"{name}=\[([^\]]*)\]", call)
    return tuple(re.findall(r"\w+", found.group(1))) if found else ()


def test_every_list_of_the_library_is_in_the_library_changes() -> None:
    states = (PROJECT / "models" / "intermediate" / "int_library__states.sql").read_text()
    lists = {name for name, table in TABLES.items() if table.is_list} - {"playlists"}
    assert set(re.findall(r": \('(\w+)'", states)) == lists


def test_the_sources_are_those_of_the_contract() -> None:
    sources = PROJECT / "models" / "staging" / "spotify" / "_spotify__sources.yml"
    assert sources.read_text() == contract.dbt_sources(SPOTIFY.name, SPOTIFY.description, TABLES.values()), (
        "run `make contract`"
    )


def test_the_first_marts_stand_under_an_enforced_contract() -> None:
    assert {path.stem for path in MODELS if path.parent.name == "marts"} >= FIRST_MARTS
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    assert project["models"]["spotify_elt"]["marts"]["+contract"] == {"enforced": True}
    assert project["flags"]["warn_error_options"] == {"error": "all"}
