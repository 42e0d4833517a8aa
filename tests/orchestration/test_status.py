"""`make status` prints the dlt command for the pipeline, and the command works."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from pipelines.settings import ROOT
from tests.machine import Machine

Capture = pytest.CaptureFixture[str]


def test_status_prints_dlts_command_for_the_pipeline_and_it_works(machine: Machine, capsys: Capture) -> None:
    assert machine.type("status") == 0
    assert "pipeline  no load on this machine yet\n" in capsys.readouterr().out
    assert machine.type("extract") == 0
    capsys.readouterr()
    assert machine.type("status") == 0
    (command,) = re.findall(r"^pipeline  `(.*)`$", capsys.readouterr().out, re.MULTILINE)
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
    (command,) = re.findall(r"^pipeline  `(.*)`$", capsys.readouterr().out, re.MULTILINE)
    (option,) = (word for word in shlex.split(command) if word.startswith("--pipelines-dir="))
    assert Path(option.partition("=")[2], "spotify").is_dir()
