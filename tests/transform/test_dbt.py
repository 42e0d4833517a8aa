"""The messages of a build that fails, and the recovery in the next build."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from orchestration.publish import docs_page
from orchestration.warehouses import dbt
from tests import warm
from tests.transform.conftest import PROJECT, Rows, Warehouse
from tests.transform.lake import Lake, track

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
BUILD = """
import json, sys
from pathlib import Path
from orchestration.warehouses import dbt
dbt.build(dbt.Project("dev", Path(sys.argv[1]), json.loads(sys.argv[2])))
"""


@pytest.fixture
def lake(new_lake: Callable[[], Lake]) -> Lake:
    made = new_lake()
    made.load(1, tracks=[track("a"), track("b")])
    return made


@pytest.fixture(scope="module")
def first_build(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> tuple[Lake, Path]:
    """A lake with two tracks, and the file that a build of it leaves."""
    made = new_lake()
    made.load(1, tracks=[track("a"), track("b")])
    assert warehouse.build(made).is_ok
    return made, Path(shutil.copy(warehouse.file, warehouse.folder / "first.duckdb"))


@pytest.fixture
def built(warehouse: Warehouse, first_build: tuple[Lake, Path], tmp_path: Path) -> Lake:
    """A copy of the lake with two tracks, after its build."""
    made, file = first_build
    shutil.copy(file, warehouse.file)
    return Lake(Path(shutil.copytree(made.folder, tmp_path / "lake")))


def test_every_unit_test_passes(warehouse: Warehouse, built: Lake) -> None:
    # Unit tests take the types of their inputs from tables.
    outcome = dbt.invoke(warehouse.project(built), "test", "--select", "test_type:unit")
    assert outcome.success, [one.message for one in getattr(outcome.result, "results", ())]


def test_a_build_prints_nothing_and_leaves_the_file_closed(
    warehouse: Warehouse, lake: Lake, capfd: pytest.CaptureFixture[str]
) -> None:
    warehouse.build(lake)
    assert capfd.readouterr() == ("", "")
    duckdb.connect(str(warehouse.file), config={"threads": 1}).close()  # refused while another handle is open


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the dbt project that a test can change."""
    return Path(
        shutil.copytree(PROJECT, tmp_path / "transform", ignore=shutil.ignore_patterns("target", "logs", ".env"))
    )


def test_failed_tests_and_broken_models_are_reported_separately(warehouse: Warehouse, lake: Lake, copied: Path) -> None:
    with (copied / "models" / "marts" / "core" / "bridge_track_artists.sql").open("a") as model:
        model.write("union all select 't', 1, 'nobody', 'N', false from (values (1), (2)) as twice")
    with (copied / "models" / "staging" / "spotify" / "stg_spotify__me.sql").open("a") as model:
        model.write("\nwhere no_such_column = 1\n")
    built = dbt.build(replace(warehouse.project(lake, copied), work_dir=copied.parent / "dbt"))
    assert not built.is_ok
    assert "primary key (track_id, place) of marts.bridge_track_artists: 1 row" in built.failed
    assert "foreign key track_id of marts.bridge_track_artists: 2 rows" in built.failed
    assert [line.split(":")[0] for line in built.broken] == ["staging.stg_spotify__me"]
    assert "no_such_column" in built.broken[0]
    assert built.skipped > 0


@pytest.mark.parametrize("rows", [[], [("a", 1)], [("a", "b", "c")]])
def test_a_failed_test_whose_rows_cannot_be_read_is_reported_by_its_name(
    warehouse: Warehouse, lake: Lake, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr(dbt, "show", lambda *_: rows)
    result = SimpleNamespace(node=SimpleNamespace(name="my_test", compiled_code="select 1"), failures=3)
    assert dbt._broken_rules(warehouse.project(lake), result) == ["my_test: 3 rows"]


def test_the_message_about_a_broken_contract_names_the_columns(warehouse: Warehouse, lake: Lake, copied: Path) -> None:
    model = copied / "models" / "marts" / "listening" / "top_lists.sql"
    model.write_text(
        model.read_text().replace("    compared.plays,\n", "    cast(compared.plays as varchar) as plays, 1 as mood,\n")
    )
    built = dbt.build(replace(warehouse.project(lake, copied), work_dir=copied.parent / "dbt"))
    assert built.broken == (
        "marts.top_lists: the SQL does not match the contract in the yml: "
        "column mood: missing in contract (SQL INTEGER, yml none); "
        "column plays: data type mismatch (SQL VARCHAR, yml BIGINT)",
    )


def test_arguments_select_the_models_to_build(warehouse: Warehouse, built: Lake) -> None:
    project = warehouse.project(built)
    again = dbt.build(project, ("--select", "fct_plays+"))
    assert again.is_ok
    listed = dbt.invoke(project, "ls", "--select", "fct_plays+", "--resource-type", "model").result
    assert isinstance(listed, list)
    assert again.models == len(listed)


def test_a_build_leaves_nothing_behind_in_the_process(
    warehouse: Warehouse, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dbt reads the .env file of the folder that it runs in; two builds may have different settings."""
    (tmp_path / ".env").write_text("LAKE_URL=/nowhere\nLEFT_BEHIND=yes\n")
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    assert warehouse.build(lake).is_ok
    other = warehouse.project(lake, duckdb_path=str(tmp_path / "other.duckdb"), time_zone="UTC")
    assert dbt.build(replace(other, work_dir=tmp_path / "dbt")).is_ok
    assert dict(os.environ) == before
    assert logging.raiseExceptions
    for file in (warehouse.file, tmp_path / "other.duckdb"):
        with duckdb.connect(str(file), config={"threads": 1}) as db:
            assert db.execute("select count(*) from marts.dim_tracks").fetchall() == [(2,)]


@pytest.fixture
def holder(warehouse: Warehouse, built: Lake) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(warehouse.file)]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def test_the_message_about_a_file_in_use_names_the_file_and_the_program(
    warehouse: Warehouse, built: Lake, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(dbt.WarehouseBusy) as busy:
        warehouse.build(built)
    assert str(warehouse.file) in str(busy.value)
    assert f"PID {holder.pid}" in str(busy.value)


def test_a_file_that_is_no_database_is_named(warehouse: Warehouse, lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "notes.duckdb").write_text("not a database" * 100)
    project = warehouse.project(lake, duckdb_path=str(tmp_path / "notes.duckdb"))
    with pytest.raises(dbt.WarehouseUnusable, match=r"notes\.duckdb"):
        dbt.build(replace(project, work_dir=tmp_path / "dbt"))


def test_a_build_after_a_killed_build_is_complete(warehouse: Warehouse, built: Lake) -> None:
    before = set(warehouse.marts())
    built.load(2, tracks=[track("c")])
    log = warehouse.folder / "dbt" / "logs" / "dbt.log"
    project = warehouse.project(built)
    command = ["-c", BUILD, str(project.work_dir), json.dumps(dict(project.variables))]
    for statements in (1, 10, 20):
        log.unlink()
        with warm.Program(command, PROJECT.parent, os.environ) as program:
            while not (log.exists() and log.read_text().count(" OK ") >= statements):
                time.sleep(0.01)
                assert Path(f"/proc/{program.pid}").exists(), "the build ended before it was killed"
            os.kill(program.pid, signal.SIGKILL)
            assert program.wait() == -signal.SIGKILL
        assert set(warehouse.marts()) == before
    assert warehouse.build(built).is_ok
    assert warehouse.rows("select track_id from marts.dim_tracks order by 1") == [("a",), ("b",), ("c",)]


def test_a_cut_parse_cache_is_replaced(warehouse: Warehouse, built: Lake) -> None:
    cache = warehouse.folder / "dbt" / "target" / "partial_parse.msgpack"
    cache.write_bytes(cache.read_bytes()[:1000])
    assert warehouse.build(built).is_ok


def test_the_docs_have_the_description_of_every_mart(warehouse: Warehouse, built: Lake) -> None:
    folder = dbt.docs(warehouse.project(built))
    page = docs_page.page(folder, "spotify")
    assert "One row per play of any content, from any source" in page
    assert "INLINE DATA" not in page
