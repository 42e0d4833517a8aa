"""Dagster in its own environment, as `make dagster` makes it, on the demo account."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from orchestration.exit_codes import UserError
from orchestration.verbs import dagster as verb
from orchestration.warehouses.marts import declared

# Runs everything in one process, and prints what became of each asset and check.
SCRIPT = """
import json
from dagster import DagsterInstance
from orchestration.dagster.definitions import defs, everything, run_step
from orchestration.scheduled_steps import StepBusy, StepFailed

def end_of(error):
    def failing():
        raise error
    try:
        run_step(failing)
    except Exception as raised:
        return [type(raised).__name__, getattr(raised, "max_retries", 0), getattr(raised, "description", "")]

ends = [end_of(StepBusy("another run", 7)), end_of(StepFailed("the consent has ended", 4))]

with DagsterInstance.get() as instance:
    job = defs.resolve_job_def("everything")
    run = job.execute_in_process(instance=instance, raise_on_error=False)
    made = [event.asset_key.to_user_string() for event in run.get_asset_materialization_events()]
    checks = {each.check_name: each.passed for each in run.get_asset_check_evaluations()}
    assets = [key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()]
    named = [key.name for key in defs.resolve_asset_graph().asset_check_keys]
    schedules = [each.cron_schedule for each in defs.schedules]
    facts = dict(success=run.success, made=made, checks=checks, assets=assets, named=named)
    facts |= dict(schedules=schedules, ends=ends)
    print("FACTS", json.dumps(facts))
"""


def test_one_run_makes_every_asset_and_every_check(tmp_path: Path) -> None:
    try:
        python = verb.installed().with_name("python")
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    environment = verb.variables(tmp_path / "dagster") | {
        "LAKE_URL": str(tmp_path / "lake"),
        "DUCKDB_PATH": str(tmp_path / "spotify.duckdb"),
        "WORK_DIR": str(tmp_path / "work"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([python, "-c", SCRIPT], env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert "FACTS" in done.stdout, done.stderr
    facts = json.loads(done.stdout.split("FACTS")[1])
    assert facts["success"], done.stderr
    assert sorted(facts["made"]) == sorted(facts["assets"])
    assert {f"marts/{mart.name}" for mart in declared()} <= set(facts["assets"])
    assert "spotify/recently_played" in facts["assets"]
    assert facts["checks"] == dict.fromkeys(facts["named"], True)
    assert len(facts["checks"]) >= 12
    assert facts["ends"] == [["RetryRequested", 5, ""], ["Failure", 0, "the consent has ended"]]
    assert facts["schedules"] == ["7 * * * *"]
    assert (tmp_path / "spotify.duckdb").exists()
