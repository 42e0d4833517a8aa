"""The two handlers: what they do around a step. The step itself takes no time here."""

import errno
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orchestration import run
from orchestration.aws_lambda import extract, function, transform
from orchestration.exit_codes import Exit
from orchestration.notices.channels import NotDelivered
from orchestration.report.run_record import RunRecord
from orchestration.scheduled_steps import StepBusy, StepFailed
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import ROOT

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
EVENT = {"at_most_every_hours": 23}
# `transform` must not import these, and its zip does not have them.
ABSENT = ("duckdb", "pyarrow", "dlt", "spotipy", "xxhash", "cryptography", "dbt.adapters.duckdb")
WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if any(name == each or name.startswith(f"{each}.") for each in sys.argv[1:]):
            raise ModuleNotFoundError(f"{name} is not in the zip", name=name)

sys.meta_path.insert(0, Absent())
from orchestration.aws_lambda import transform
from orchestration.warehouses import dbt, warehouse
from orchestration.warehouses.athena import Athena
from pipelines.aws import glue, topic
dbt.import_first("prod")
"""


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    for name, value in {
        "SPOTIFY_CLIENT_ID": "any",
        "SPOTIFY_REFRESH_TOKEN": "any",
        "SPOTIFY_CONSENTED_AT": utc_now().date().isoformat(),
        "LAKE_URL": str(tmp_path / "lake"),
        "WORK_DIR": str(tmp_path / "work"),
        "ON_FAILURE": f"cat >> {tmp_path}/told",
    }.items():
        monkeypatch.setenv(name, value)
    return Lake(str(tmp_path / "lake"))


def steps(monkeypatch: pytest.MonkeyPatch, *ends: BaseException | dict[str, Any]) -> list[str]:
    """Replace the steps: each raises an error, or returns a record with these facts. Returns the names that ran."""
    ran: list[str] = []
    left = list(ends)

    def step(name: str, settings: Any) -> RunRecord:
        ran.append(name)
        end = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(end, BaseException):
            raise end
        record = RunRecord(name, settings.now, False, "lake", "tables", **end)
        record.seconds = {"load" if name == "extract" else "build": 1.0}
        Lake.of(settings).write_json(record.file_name, record.as_json())
        return record

    monkeypatch.setattr(function, "step", step)
    return ran


def told(tmp_path: Path) -> str:
    file = tmp_path / "told"
    return file.read_text() if file.exists() else ""


def test_extract_then_transform_then_nothing_until_tomorrow(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = steps(monkeypatch, {"rows_appended": {"recently_played": 3}, "calls": {"me": 1}})
    assert extract.handler({}, CONTEXT)["marker"] is True
    built = transform.handler(EVENT, CONTEXT)
    assert (built["built"], built["exit_code"]) == (True, 0)
    assert extract.handler({}, CONTEXT)["marker"] is True
    assert transform.handler(EVENT, CONTEXT) == {"built": False}
    assert transform.handler({"at_most_every_hours": 0}, CONTEXT)["built"] is True
    assert transform.handler({}, CONTEXT)["built"] is True
    assert ran == ["extract", "build", "extract", "build", "build"]
    assert (told(tmp_path), capfd.readouterr()) == ("", ("", ""))


@pytest.mark.parametrize("event", [EVENT, EVENT | {"more": 1}])
def test_an_event_without_a_marker_builds_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch, event: Any) -> None:
    ran = steps(monkeypatch, {})
    assert transform.handler(event, CONTEXT) == {"built": False}
    assert ran == []


def test_another_run_at_work_is_tried_again_and_nobody_is_told(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps(monkeypatch, StepBusy("another run", 7))
    with pytest.raises(StepBusy):
        extract.handler({}, CONTEXT)
    assert told(tmp_path) == ""


def test_a_consent_that_ended_is_told_once_a_day_with_the_text_of_the_alert_issue(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lake.write_json(manifest.LAST_FAILURE, {"exit_code": 4, "message": "the consent has ended"})
    steps(monkeypatch, StepFailed("the consent has ended", 4), StepFailed("the consent has ended", 4), {})
    for _ in range(2):
        with pytest.raises(StepFailed):
            extract.handler({}, CONTEXT)
    assert told(tmp_path).startswith("The consent has ended. Run `make login` on your own machine")
    assert told(tmp_path).count("consent") == 1
    lake.remove_json(manifest.LAST_FAILURE)
    extract.handler({}, CONTEXT)
    assert "Everything is well again.\nOver: The consent has ended." in told(tmp_path)


def test_a_missing_token_fails_with_its_message_and_is_told(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SPOTIFY_REFRESH_TOKEN")
    monkeypatch.setenv("SPOTIFY_TOKEN_FILE", str(tmp_path / "token.json"))
    with pytest.raises(StepFailed, match=r"no refresh token in .*; run `make login`") as failed:
        extract.handler({}, CONTEXT)
    assert failed.value.exit_code == Exit.CONSENT_NEEDED
    assert "make login" in told(tmp_path)


def test_a_full_disk_fails_with_its_message(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def extracted(settings: Any) -> RunRecord:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run, "extract", extracted)
    with pytest.raises(StepFailed, match=r"the disk is full: .*; nothing is lost: free some space and run again"):
        extract.handler({}, CONTEXT)


def test_a_failed_test_is_told_by_transform_and_a_failure_that_may_pass_by_nobody(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps(monkeypatch, StepFailed("AWS could not do it", 8))
    with pytest.raises(StepFailed):
        transform.handler({}, CONTEXT)
    assert told(tmp_path) == ""
    lake.write_json(manifest.LAST_BUILD, {"tests_failed": ["key: 2 rows"], "exit_code": 6, "seconds": {"build": 1}})
    with pytest.raises(StepFailed):
        transform.handler({}, CONTEXT)
    assert told(tmp_path).startswith("The data failed tests: `key`.")


def test_a_failure_that_lasts_half_an_hour_is_told(lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steps(monkeypatch, StepFailed("AWS denies s3:GetObject", 8))
    with pytest.raises(StepFailed):
        extract.handler({}, CONTEXT)
    kept = lake.read_json(manifest.TOLD["extract"])
    assert kept
    kept["tried:extract"]["since"] = "2026-11-02T08:00:00"
    lake.write_json(manifest.TOLD["extract"], kept)
    with pytest.raises(StepFailed):
        extract.handler({}, CONTEXT)
    assert told(tmp_path).startswith("`make extract` ended with exit code 8: AWS denies s3:GetObject")


def test_a_person_who_cannot_be_told_makes_the_function_fail(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So that the alarm of the dead letters tells them."""
    monkeypatch.setenv("ON_FAILURE", "exit 1")
    monkeypatch.setenv("SPOTIFY_CONSENTED_AT", "2026-01-01")
    steps(monkeypatch, {"rows_appended": {"recently_played": 3}})
    with pytest.raises(NotDelivered):
        extract.handler({}, CONTEXT)
    assert (tmp_path / "markers" / "new_rows.json").exists()
    assert lake.read_json(manifest.TOLD["extract"]) is None


def test_a_step_is_stopped_before_lambda_would_kill_it(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    left_s = function.MARGIN_S + 0.2
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: left_s * 1000)
    before, threads = signal.getsignal(signal.SIGALRM), threading.active_count()
    monkeypatch.setattr(function, "step", lambda name, settings: time.sleep(30))
    started = time.monotonic()
    with pytest.raises(StepFailed, match="`make extract` was stopped after 0 s") as failed:
        extract.handler({}, context)
    assert time.monotonic() - started < 5
    assert failed.value.exit_code == Exit.INTERRUPTED
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert threading.active_count() == threads


def test_what_a_function_returns_can_be_read_by_lambda(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    steps(monkeypatch, {"exit_code": Exit.RESOURCES_STOPPED, "rows_appended": {"recently_played": 3}})
    assert json.loads(json.dumps(extract.handler(None, CONTEXT)))["exit_code"] == 3


def test_transform_imports_no_duckdb_no_pyarrow_and_no_dlt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *ABSENT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
