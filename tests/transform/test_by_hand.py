"""dbt typed by hand in transform/ uses the same lake and the same tables as make, without any variable."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouses import duckdb as duckdb_file
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.aws.session import AwsSession
from pipelines.settings import load_settings
from tests import warm
from tests.transform.conftest import PROJECT, Warehouse
from tests.transform.lake import Lake, at, track

DBT = Path(sys.executable).parent / "dbt"
PLAY = {"played_at": at("2026-05-01 10:00"), "track_uri": "spotify:track:a", "track_id": "a"}


class Shell:
    """A shell in the folder transform/ of a checkout. Make has written the `.env` file in this folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        not_copied = shutil.ignore_patterns("target", "logs", ".env")
        self.folder = Path(shutil.copytree(PROJECT, root / "transform", ignore=not_copied))

    def dbt(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        variables = inherited | {"PWD": str(self.folder)} | environment
        return warm.run([str(DBT), *command], self.folder, variables)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(tmp_path)
    monkeypatch.setattr(duckdb_file, "ROOT", tmp_path)
    monkeypatch.setattr(duckdb_file, "DBT_ENV", shell.folder / ".env")
    return shell


def prepared(shell: Shell, warehouse: Warehouse, lake: Lake, file: Path) -> None:
    """Do what make does: build the tables, and write their address for plain dbt."""
    assert warehouse.build(lake).is_ok
    named = {"DUCKDB_PATH": str(file), "LAKE_URL": str(lake.folder), "TIME_ZONE": "Europe/Berlin"}
    made = DuckDBFile(load_settings(named, shell.root))
    made.build_file.parent.mkdir(parents=True)
    shutil.copy(warehouse.file, made.build_file)
    made.prepare([], AwsSession(""))


def test_dbt_builds_and_shows_what_make_built(shell: Shell, warehouse: Warehouse, new_lake: Callable[[], Lake]) -> None:
    lake = new_lake()
    lake.load(1, tracks=[track("a")], recently_played=[PLAY])
    prepared(shell, warehouse, lake, shell.root / "data" / "spotify.duckdb")

    built = shell.dbt("build", "--select", "fct_plays+")
    assert built.returncode == 0, built.stdout
    shown = shell.dbt("show", "--select", "fct_plays", "--output", "json")
    assert '"started_at_local": "2026-05-01T11:56:40' in shown.stdout  # an incremental model shows all its rows

    (shell.folder / ".env").unlink()
    nothing = shell.dbt("build", "--select", "fct_plays")
    assert nothing.returncode != 0
    assert "no lake is set: run `make elt` and then dbt in transform/" in nothing.stdout


def test_a_relative_path_starts_at_the_root_of_the_project(
    shell: Shell, warehouse: Warehouse, new_lake: Callable[[], Lake]
) -> None:
    """The views contain an absolute path, so they work in every folder in which the file is opened."""
    lake = new_lake()
    lake.load(1, tracks=[track("a")])
    shutil.copytree(lake.folder, shell.root / "data" / "lake")
    relative = {"LAKE_URL": "data/lake", "DUCKDB_BUILD_FILE": "data/copy.duckdb"}
    built = shell.dbt("build", "--select", "stg_spotify__loads", **relative)
    assert built.returncode == 0, built.stdout
    moved = shutil.move(shell.root / "data" / "copy.duckdb", shell.root / "moved.duckdb")
    with duckdb.connect(str(moved), read_only=True) as db:
        assert db.execute("select count(*) from raw.spotify__tracks").fetchall() == [(1,)]


@pytest.mark.parametrize(("file", "is_default"), [("data/spotify.duckdb", True), ("../elsewhere.duckdb", False)])
def test_a_file_outside_the_project_does_not_become_the_default(shell: Shell, file: str, is_default: bool) -> None:
    named = {"DUCKDB_PATH": str((shell.root / file).resolve()), "LAKE_URL": str(shell.root / "lake")}
    DuckDBFile(load_settings(named, shell.root)).prepare([], AwsSession(""))
    assert (shell.folder / ".env").exists() == is_default
