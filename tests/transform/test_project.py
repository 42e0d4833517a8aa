"""Rules for every model: each column is described, the key is tested, and a mart has a contract."""

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
STAGING = [path for path in MODELS if path.is_relative_to(PROJECT / "models" / "staging")]
MARTS = [path for path in MODELS if path.is_relative_to(PROJECT / "models" / "marts")]
DOCS = dict(re.findall(r"{% docs (\w+) %}(.*?){% enddocs %}", (PROJECT / "models" / "columns.md").read_text()))
MACROS = {path: path.read_text() for path in sorted((PROJECT / "macros").rglob("*.sql"))}
ENGINES = {"duckdb", "athena"}


def each(paths: Iterable[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sql", [pytest.param(path, id=path.stem) for path in paths])


def described(sql: Path) -> dict[str, Any]:
    """The model of the yml file beside the SQL."""
    (model,) = yaml.safe_load(sql.with_suffix(".yml").read_text())["models"]
    assert isinstance(model, dict)
    return model


def rule_of(model: dict[str, Any], name: str) -> list[Any]:
    """The rule of the model that the tests in tests/keys/ check, for instance the columns of its primary key."""
    found: list[Any] = model.get("config", {}).get("meta", {}).get(name, [])
    return found


def description(column: dict[str, str]) -> str:
    """The text of a description, taken from the docs block that the description names."""
    block = re.fullmatch(r"{{ doc\('(\w+)'\) }}", column["description"])
    return DOCS[block.group(1)] if block else column["description"]


@each(MODELS)
def test_a_model_is_described_with_every_column_typed(sql: Path) -> None:
    model = described(sql)
    assert model["name"] == sql.stem
    assert model["description"].startswith("One row per ")
    for column in model["columns"]:
        assert column["data_type"] in {*contract.SQL_TYPES.values(), "double"}, column
        assert description(column).endswith("."), column


def test_a_description_that_three_models_share_is_a_docs_block() -> None:
    """A model and its history count as one."""
    models: dict[tuple[str, str], set[str]] = {}
    for sql in MODELS:
        for column in described(sql)["columns"]:
            models.setdefault((column["name"], column["description"]), set()).add(sql.stem.removesuffix("_history"))
    shared = [
        f"{column}: make a docs block in models/columns.md for {text!r}, used by {sorted(names)}"
        for (column, text), names in models.items()
        if len(names) > 2 and "doc(" not in text
    ]
    assert not shared, "\n".join(shared)


@each(MODELS)
def test_the_key_of_a_model_is_tested_and_consists_of_its_columns(sql: Path) -> None:
    model = described(sql)
    key = rule_of(model, "primary_key")
    assert key, f"{sql.stem}.yml needs config: meta: primary_key"
    assert set(key) <= {column["name"] for column in model["columns"]}
    layer = sql.relative_to(PROJECT).parts[1]
    files = [file for file in (PROJECT / "tests" / "keys").glob("*.sql") if f"'{sql.stem}'" in file.read_text()]
    assert [file.stem.split("_")[2] for file in files] == [layer], f"name {sql.stem} in one file of tests/keys/"


@each(MARTS)
def test_marts_use_no_loading_columns_and_no_clock(sql: Path) -> None:
    assert not [column["name"] for column in described(sql)["columns"] if column["name"].startswith("_dlt")]
    assert not re.search(r"current_(date|timestamp)|now\(|run_started_at", sql.read_text())


@each(path for path in MARTS if path.stem.startswith("fct_"))
def test_facts_have_foreign_keys_to_their_dimensions(sql: Path) -> None:
    assert rule_of(described(sql), "foreign_keys"), f"{sql.stem}.yml needs config: meta: foreign_keys"


@each(path for path in MARTS if "partitioned_by" in described(path).get("config", {}))
def test_a_partitioned_mart_names_its_last_column_for_both_engines(sql: Path) -> None:
    model = described(sql)
    column = model["columns"][-1]["name"]
    assert model["config"]["partitioned_by"] == [column]
    assert model["config"]["unique_key"] == column
    assert "drop_vanished_partitions(" in model["config"]["post_hook"]
    assert "changed_partitions(" in sql.read_text()


@each(MODELS)
def test_only_staging_calls_source_and_only_macros_depend_on_the_engine(sql: Path) -> None:
    text = sql.read_text()
    reads_history = f"ref('{sql.stem}_history')" in text
    assert ("source(" in text or reads_history) == (sql in STAGING)
    assert "target.type" not in text
    assert "config(" not in text
    assert len(text.splitlines()) <= 130


def test_a_macro_that_depends_on_the_engine_exists_for_every_engine() -> None:
    text = "".join(MACROS.values())
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'\)", text))
    assert dispatched
    for engine in ENGINES:
        forms = (PROJECT / "macros" / "engines" / f"{engine}.sql").read_text()
        assert dispatched <= set(re.findall(rf"macro {engine}__(\w+)\(", forms)), engine
    assert {path.stem for path in (PROJECT / "macros" / "engines").glob("*.sql")} == ENGINES
    assert "target.type" not in text


@pytest.mark.parametrize("table", TABLES)
def test_a_raw_table_has_a_staging_model_with_all_its_columns(table: str) -> None:
    """A list has a history model too: only the history shows what left the list."""
    current = PROJECT / "models" / "staging" / "spotify" / f"stg_spotify__{table}.sql"
    history = current.with_stem(f"{current.stem}_history")
    reading = history if history.exists() else current
    text = reading.read_text()
    assert f"source('spotify', '{table}')" in text
    assert not [name for name in raw_columns(table) if not re.search(rf"\b{name}\b", text)]
    assert history.exists() or not TABLES[table].is_list
    assert "_dlt_load_id" not in rule_of(described(current), "primary_key")
    if history.exists():
        assert "_dlt_load_id" in rule_of(described(history), "primary_key")
        condition = "is_newest and not is_removed" if TABLES[table].is_list else "is_newest"
        assert f"from history\n    where {condition}\n" in current.read_text()


def raw_columns(table: str) -> list[str]:
    return [column.name for column in TABLES[table].all_columns if column.name != "row_hash"]


def test_a_value_that_is_known_stays_known_in_every_staging_model_but_those_of_reads() -> None:
    """A row of these tables is what one read found. In the others it describes a thing, whose values stay known."""
    reads = {"resource_runs", "playlist_snapshots", "playlist_items", "top_artists", "top_tracks"}
    call = re.compile(r"completed\('source', of=\['spotify', '(\w+)'\](.*)\) }}")
    called = {found[1]: found[2] for sql in STAGING for found in call.finditer(sql.read_text())}
    assert called.keys() == TABLES.keys()
    assert {table for table, options in called.items() if "as_sent='*'" in options} == reads


@each(path for path in MODELS if path.stem.endswith("_history"))
def test_a_history_is_read_by_another_model(sql: Path) -> None:
    called = re.compile(rf"ref\('{sql.stem}'\)")
    lists = (PROJECT / "models" / "intermediate" / "library" / "int_library_states.sql").read_text()
    table = sql.stem.removeprefix("stg_spotify__").removesuffix("_history")
    readers = [
        path for path in MODELS if "staging" not in path.relative_to(PROJECT).parts and called.search(path.read_text())
    ]
    assert readers or f"'{table}'" in lists


def test_keys_are_declared_once_and_given_to_dbt_as_meta() -> None:
    (source,) = yaml.safe_load(contract.dbt_sources(SPOTIFY.name, SPOTIFY.description, TABLES.values()))["sources"]
    found = {table["name"]: table["config"]["meta"] for table in source["tables"]}
    for name, table in TABLES.items():
        assert found[name] == {"key": list(table.key), "parent": list(table.parent)}
    assert all(table["identifier"] == f"spotify__{table['name']}" for table in source["tables"])


def test_unit_tests_of_staging_have_the_key_that_is_declared() -> None:
    for file in (PROJECT / "models" / "staging" / "spotify").glob("stg_*.yml"):
        for test in yaml.safe_load(file.read_text()).get("unit_tests", ()):
            for table in re.findall(r"source\('spotify', '(\w+)'\)", str(test["given"])):
                declared = {"key": list(TABLES[table].key), "parent": list(TABLES[table].parent)}
                assert test["overrides"]["macros"]["raw_key"] == declared, test["name"]


def test_every_list_of_the_library_is_in_the_library_changes() -> None:
    states = (PROJECT / "models" / "intermediate" / "library" / "int_library_states.sql").read_text()
    lists = {name for name, table in TABLES.items() if table.is_list} - {"playlists"}
    assert set(re.findall(r": \('(\w+)'", states)) == lists


def test_the_dbt_sources_are_up_to_date_with_the_contract() -> None:
    sources = PROJECT / "models" / "staging" / "spotify" / "_spotify__sources.yml"
    assert sources.read_text() == contract.dbt_sources(SPOTIFY.name, SPOTIFY.description, TABLES.values()), (
        "run `make contract`"
    )


def test_every_mart_has_an_enforced_contract_and_an_exposure() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    assert project["models"]["spotify_elt"]["marts"]["+contract"] == {"enforced": True}
    assert project["flags"]["warn_error_options"]["error"] == "all"
    exposures = yaml.safe_load((PROJECT / "models" / "marts" / "exposures.yml").read_text())["exposures"]
    depends_on = {one["name"]: set(one["depends_on"]) for one in exposures}
    for name in ("duckdb_file", "exports"):
        assert depends_on[name] == {f"ref('{path.stem}')" for path in MARTS}, "add the mart to exposures.yml"


@pytest.mark.parametrize("dialect", ["duckdb", "trino", "sqlite", "postgres", "mysql"])
def test_no_tool_has_to_quote_a_mart_or_its_column(dialect: str) -> None:
    from sqlfluff.core.dialects import dialect_selector

    reserved = {word.lower() for word in dialect_selector(dialect).sets("reserved_keywords")}
    assert len(reserved) > 80
    names = {sql.stem for sql in MARTS} | {column["name"] for sql in MARTS for column in described(sql)["columns"]}
    assert sorted(names & reserved) == []
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []


def test_no_dimension_has_a_column_that_an_app_in_development_mode_never_gets() -> None:
    columns = [column for table in TABLES.values() for column in table.columns]
    only_extended = {column.name for column in columns if "extended-quota mode only" in column.description}
    assert only_extended >= {"popularity", "followers_total", "label", "publisher"}
    dimensions = [sql for sql in MARTS if sql.stem.startswith("dim_")]
    assert not [one["name"] for sql in dimensions for one in described(sql)["columns"] if one["name"] in only_extended]
