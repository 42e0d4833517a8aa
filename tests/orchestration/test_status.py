"""`make status` says what is kept and what needs a person, and prints a command of dlt's that works."""

import datetime as dt
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.raw.clock import utc_now
from pipelines.settings import ROOT
from tests.machine import Machine

Capture = pytest.CaptureFixture[str]
WITHOUT_DLT = """
import sys
from orchestration import cli
assert cli.call(["status"]) == 0
print({"dlt", "dbt", "pyarrow"} & set(sys.modules))
"""


def shown(machine: Machine, capsys: Capture, **environment: str) -> dict[str, str]:
    """The lines of `make status` by their label. Several warnings are one text."""
    capsys.readouterr()
    assert machine.type("status", **environment) == 0
    lines: dict[str, str] = {}
    for line in capsys.readouterr().out.splitlines():
        label, text = line[:11].strip(), line[11:]
        lines[label] = f"{lines[label]}; {text}" if label in lines else text
    return lines


def test_status_shows_plays_gaps_the_time_zone_and_the_runs(machine: Machine, capsys: Capture) -> None:
    assert shown(machine, capsys)["plays"] == "none from polls yet"
    assert machine.type("extract") == 0
    found = shown(machine, capsys, TIME_ZONE="Europe/Berlin")
    assert re.fullmatch(r"50 from polls, since 2026-1\d-\d\d \d\d:\d\d UTC", found["plays"])
    assert (found["gaps"], found["time zone"], found["last build"]) == ("none known", "Europe/Berlin", "none")
    assert re.fullmatch(r"`extract`, 20\d\d-\d\d-\d\d \d\d:\d\d UTC, exit code 0", found["last run"])
    for days in (9, 3):
        machine.demo_server.clock(days=days)
        assert machine.type("extract") == 0
    found = shown(machine, capsys)
    assert found["plays"].startswith("150 from polls, ")
    assert re.fullmatch(
        r"2, in which plays may be missing; the longest is [78] days, the last one from .* to .* UTC", found["gaps"]
    )
    assert found["time zone"].startswith("UTC; set TIME_ZONE")


def test_status_warns_of_what_needs_a_person_after_a_run_that_made_tables(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.quota("library", calls=0, retry_after_s=80000)
    assert machine.type("extract") == 3
    record = machine.last_run
    built = {
        "verb": "build",
        "read_at": record["read_at"],
        "exit_code": 6,
        "tests_failed": ["key of dim_tracks: 1 row"],
    }
    (machine.lake / "last_build.json").write_text(
        json.dumps(built | {"not_published": "tables of the last good build"})
    )
    found = shown(machine, capsys, SPOTIFY_CONSENTED_AT=f"{utc_now() - dt.timedelta(days=175):%Y-%m-%d}")
    assert "the next `make login` is due by" in found["consent"]
    for text in ("The consent ends on", "Spotify has locked", "key of dim_tracks: 1 row", "the last good build"):
        assert text in found["warning"]


def test_a_clock_behind_the_last_run_is_a_warning(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    record = machine.last_run | {"read_at": "2099-01-01T00:00:00"}
    (machine.lake / "last_run.json").write_text(json.dumps(record))
    assert "which is before the last run: set the clock" in shown(machine, capsys)["warning"]


def test_status_knows_the_account_after_the_login(machine: Machine, capsys: Capture) -> None:
    tokens = {"client_id": "x", "refresh_token": "y", "account": "Demo Listener"}
    (machine.folder / "data").mkdir()
    (machine.folder / "data" / "token.json").write_text(json.dumps(tokens))
    assert shown(machine, capsys)["account"] == "Demo Listener"


def test_status_reads_the_lake_without_dlt_and_dbt(machine: Machine) -> None:
    assert machine.type("extract") == 0
    environment = {"PATH": "/usr/bin:/bin"} | machine.environment
    command = [sys.executable, "-c", WITHOUT_DLT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["set()"], done.stderr


def test_damaged_plays_are_named_and_the_other_lines_stay(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    next(machine.lake.glob("spotify/recently_played/*/*.parquet")).write_bytes(b"")
    found = shown(machine, capsys)
    assert found["plays"].startswith("the lake cannot be read (")
    assert found["last run"].endswith("exit code 0")


def test_status_prints_dlts_command_for_the_pipeline_and_it_works(machine: Machine, capsys: Capture) -> None:
    assert machine.type("status") == 0
    assert "pipeline   no load on this machine yet\n" in capsys.readouterr().out
    assert machine.type("extract") == 0
    capsys.readouterr()
    assert machine.type("status") == 0
    (command,) = re.findall(r"^pipeline   `(.*)`$", capsys.readouterr().out, re.MULTILINE)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(machine.folder)}
    done = subprocess.run(shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "pipeline_name: spotify" in done.stdout


def test_the_command_is_right_for_a_folder_with_a_space(machine: Machine, capsys: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "my data"
    machine.environment["DUCKDB_PATH"] = str(folder / "spotify.duckdb")
    assert machine.type("extract") == 0
    capsys.readouterr()
    assert machine.type("status") == 0
    (command,) = re.findall(r"^pipeline   `(.*)`$", capsys.readouterr().out, re.MULTILINE)
    (option,) = (word for word in shlex.split(command) if word.startswith("--pipelines-dir="))
    assert Path(option.partition("=")[2], "spotify").is_dir()


def test_status_shows_a_run_that_read_nothing_until_a_run_succeeds(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.switch(premium=False)
    assert machine.type("extract") == 5
    assert machine.type("status") == 0
    assert "failed     `extract`" in capsys.readouterr().out
    machine.demo_server.switch(premium=True)
    assert machine.type("extract") == 0
    assert machine.type("status") == 0
    assert "failed" not in capsys.readouterr().out
