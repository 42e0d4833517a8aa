"""A scheduled run tells the listener what needs a person, also when the run itself could not start."""

import datetime as dt
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.verbs import scheduled
from tests.machine import Machine

Capture = pytest.CaptureFixture[str]
Run = Callable[[int, str], None]


@pytest.fixture
def inbox(machine: Machine) -> Path:
    """The file that gets every message."""
    file = machine.folder / "inbox"
    file.touch()
    machine.environment["ON_FAILURE"] = f"(cat; echo) >> '{file}'"
    return file


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The next scheduled run does nothing, and ends with this code and this last line. No pause takes time."""
    monkeypatch.setattr(scheduled, "PAUSE_S", 0)
    return lambda code, line: monkeypatch.setattr(scheduled, "run", lambda *_: (code, line))


def test_a_run_is_logged_and_a_failure_and_its_end_are_told(machine: Machine, inbox: Path, capfd: Capture) -> None:
    assert machine.type("scheduled", "extract", SPOTIFY_CLIENT_SECRET="wrong") == 0
    assert machine.type("scheduled", "extract") == 0
    first, *rest = inbox.read_text().splitlines()
    assert first.startswith("`make extract` ended with exit code 5: ")
    assert "client id and secret" in first
    assert rest[1:3] == ["Everything is well again.", f"Over: {first}"]
    log = (machine.folder / "data" / "scheduled" / "scheduled.log").read_text()
    assert log.count("UTC  extract\n") == 2
    assert "exit code 5\n" in log
    assert "recently_played" in log
    assert capfd.readouterr() == ("", "")


def test_a_wrong_setting_is_told(
    machine: Machine, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduled, "ROOT", tmp_path)
    monkeypatch.setattr(scheduled, "run", lambda *_: (5, ""))
    assert machine.type("scheduled", "extract", TIME_ZONE="Mars") == 0
    assert inbox.read_text() == "TIME_ZONE is 'Mars'; write it as Europe/Berlin\n"


def test_a_killed_run_is_told_and_a_run_that_found_the_lake_busy_is_not(
    machine: Machine, inbox: Path, ended: Run
) -> None:
    ended(7, "another run is under way")
    assert machine.type("scheduled", "build") == 0
    assert inbox.read_text() == ""
    ended(-11, "")
    assert machine.type("scheduled", "build") == 0
    assert inbox.read_text() == "`make build` was killed by signal 11: the log says why\n"
    ended(7, "another run is under way")
    machine.type("scheduled", "build")
    ended(0, "")
    machine.type("scheduled", "extract")
    assert "Over" not in inbox.read_text()
    machine.type("scheduled", "build")
    assert "Everything is well again." in inbox.read_text()


def test_a_run_that_found_the_lake_busy_is_tried_again(
    machine: Machine, inbox: Path, ended: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(7, "another run is under way")
    codes = iter([7, 7, 0])
    monkeypatch.setattr(scheduled, "run", lambda *_: (next(codes), ""))
    assert machine.type("scheduled", "extract") == 0
    assert next(codes, None) is None
    assert "busy" not in (machine.folder / "data" / "scheduled" / "told.json").read_text()


def test_a_consent_that_ends_soon_and_a_resource_that_stopped_for_days_are_told_after_a_good_run(
    machine: Machine, inbox: Path, ended: Run
) -> None:
    ended(0, "")
    soon = dt.datetime.now(dt.UTC) - dt.timedelta(days=170)
    machine.type("scheduled", "extract", SPOTIFY_CONSENTED_AT=f"{soon:%Y-%m-%d}")
    assert "The consent ends on" in inbox.read_text()
    machine.lake.mkdir()
    stopped = {"resource": "saved_shows", "outcome": "stopped", "reason": "an answer has another form"}
    record = {"read_at": "2026-11-26T13:00:00", "exit_code": 3, "resources": [stopped]}
    (machine.lake / "last_run.json").write_text(json.dumps(record))
    ended(3, "")
    machine.type("scheduled", "extract")
    assert "saved_shows" not in inbox.read_text()
    told = machine.folder / "data" / "scheduled" / "told.json"
    kept = json.loads(told.read_text())
    kept["stopped:saved_shows"]["since"] = "2026-01-01T00:00:00"
    told.write_text(json.dumps(kept))
    machine.type("scheduled", "extract")
    assert "`saved_shows` has not been read for days: an answer has another form" in inbox.read_text()


def test_a_message_that_cannot_be_sent_is_printed_and_sent_with_the_next_run(
    machine: Machine, inbox: Path, ended: Run, capsys: Capture
) -> None:
    ended(1, "the disk is full")
    assert machine.type("scheduled", "extract", ON_FAILURE="exit 1") == 1
    printed = capsys.readouterr().err
    assert "the disk is full" in printed
    assert "not sent, and tried again at the next run: the command of ON_FAILURE ended with code 1" in printed
    machine.type("scheduled", "extract")
    assert "the disk is full" in inbox.read_text()


def test_the_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled, "LARGEST_LOG", 1000)
    done = subprocess.CompletedProcess(["extract"], 0, None, b"x" * 400)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    for _ in range(20):
        scheduled.run(("extract",), tmp_path / "scheduled.log")
    sizes = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert set(sizes) == {"scheduled.log", "scheduled.log.1"}
    assert max(sizes.values()) < 2000


def test_a_run_without_a_verb_ends_with_2(machine: Machine, capsys: Capture) -> None:
    assert machine.type("scheduled") == 2
    assert "make scheduled ARGS=extract|build|elt" in capsys.readouterr().err
