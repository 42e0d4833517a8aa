"""`status --check` ends with 1 when no run happens, or when runs and builds fail."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from orchestration.report.health import problem
from orchestration.warehouses import duckdb
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.settings import load_settings
from tests.machine import Machine

NOW = dt.datetime(2026, 11, 26, 12)


def record(verb: str = "extract", hours: float = 1, exit_code: int = 0) -> dict[str, Any]:
    read_at = NOW - dt.timedelta(hours=hours)
    return {"verb": verb, "read_at": read_at.isoformat(), "exit_code": exit_code}


@pytest.mark.parametrize(
    ("last", "failure", "build", "found"),
    [
        (record(), None, record("build"), ""),
        (record(exit_code=3), None, {}, ""),
        ({}, None, {}, "no run has read the account yet"),
        (record(hours=4), None, {}, "no run has read the account since 2026-11-26 08:00 UTC"),
        (record(), {"message": "run `make login`"}, {}, "the last run could read nothing: run `make login`"),
        (record(), None, record("build", exit_code=6), "`build` ended with exit code 6"),
    ],
)
def test_a_problem_is_one_sentence(
    last: dict[str, Any], failure: dict[str, Any] | None, build: dict[str, Any], found: str
) -> None:
    assert problem(last, failure, build, NOW) == found


def test_the_clock_of_the_demo_account_stands_still_and_its_age_says_nothing() -> None:
    assert problem(record(hours=999), None, {}, None) == ""


def test_status_ends_with_1_only_if_it_is_asked_to_check(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert machine.type("status") == 0
    assert machine.type("status", "--check") == 1
    assert "unhealthy  no run has read the account yet" in capsys.readouterr().out


def test_no_file_for_dbt_by_hand_is_written_where_the_code_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb, "is_writable", lambda folder: False)
    monkeypatch.setattr(duckdb, "ROOT", tmp_path)
    monkeypatch.setattr(duckdb, "DBT_ENV", tmp_path / ".env")
    DuckDBFile(load_settings({}, tmp_path)).prepare([], None)  # type: ignore[arg-type]
    assert not (tmp_path / ".env").exists()
