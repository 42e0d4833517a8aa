"""Several runs in one process, as with a scheduler: each has its own settings, and none changes the process."""

import os
from pathlib import Path

import duckdb

from orchestration.run import build, extract, register
from pipelines.settings import load_settings
from tests.machine import Machine


def test_two_runs_of_one_process_use_their_own_settings_and_do_not_change_the_environment(
    machine: Machine, tmp_path: Path
) -> None:
    before = dict(os.environ)
    hours = {}
    for zone in ("Asia/Tokyo", "America/New_York"):
        folder = tmp_path / zone
        places = {
            "LAKE_URL": str(folder / "lake"),
            "DUCKDB_PATH": str(folder / "spotify.duckdb"),
            "WORK_DIR": str(folder / "work"),
            "SPOTIFY_TOKEN_FILE": str(folder / "token.json"),
        }
        settings = load_settings(machine.environment | places | {"TIME_ZONE": zone}, tmp_path)
        for step in (extract, register, build):
            assert step(settings).exit_code == 0
            assert dict(os.environ) == before
        with duckdb.connect(str(folder / "spotify.duckdb"), read_only=True) as db:
            hours[zone] = db.execute("select started_at, started_at_local from marts.fct_plays order by 1").fetchall()
        assert {path.name for path in (folder / "work").iterdir()} == {"dlt", "dbt"}
    tokyo, new_york = hours.values()
    assert [row[0] for row in tokyo] == [row[0] for row in new_york]
    assert len(tokyo) > 5
    assert {(row[1] - row[0]).total_seconds() / 3600 for row in tokyo} == {9}
    assert {(row[1] - row[0]).total_seconds() / 3600 for row in new_york} <= {-4, -5}
