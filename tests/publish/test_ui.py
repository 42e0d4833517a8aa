"""Datasette for `make ui`: its own environment, and the tables that it shows."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.exit_codes import UserError
from orchestration.publish import environment, foreground, ui
from orchestration.publish.environment import python_of
from orchestration.publish.export.verb import write_sqlite
from orchestration.warehouses import marts
from pipelines.settings import Settings
from tests.publish.small_marts import MARTS, exported

__all__ = ["exported"]


def test_a_port_that_a_program_uses_is_not_taken() -> None:
    with socket.create_server((ui.HOST, 0)) as used:
        port = used.getsockname()[1]
        assert ui.free_port(port) != port
    assert ui.free_port(port) == port


def test_packages_that_cannot_be_had_are_reported_with_the_next_step() -> None:
    with pytest.raises(UserError, match="cannot be installed: no such package; check the network and run it again"):
        environment._run([sys.executable, "-c", "import sys; print('a warning'); sys.exit('no such package')"])


def test_an_environment_is_made_again_only_when_its_packages_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str]) -> None:
        commands.append(command)
        (tmp_path / "made" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "made" / "bin" / "python").touch()

    monkeypatch.setattr(environment, "_run", run)
    requirements = tmp_path / "packages.txt"
    for content, expected in (("a==1", 2), ("a==1", 2), ("a==2", 4)):
        requirements.write_text(content)
        python_of(requirements, tmp_path / "made")
        assert len(commands) == expected
    assert "--require-hashes" in commands[-1]


def test_the_sqlite_file_is_written_again_only_when_the_tables_are_newer(exported: Settings, tmp_path: Path) -> None:
    newest = exported.duckdb_path.stat().st_mtime
    file, _ = write_sqlite(exported, tmp_path, lambda text: None, unless_newer_than=newest)
    os.utime(file, (newest + 5, newest + 5))
    first = file.stat()
    write_sqlite(exported, tmp_path, lambda text: None, unless_newer_than=newest)
    assert file.stat().st_ino == first.st_ino
    write_sqlite(exported, tmp_path, lambda text: None, unless_newer_than=newest + 9)
    assert file.stat().st_ino != first.st_ino


@pytest.mark.slow
def test_datasette_shows_the_tables_with_the_names_behind_their_keys(
    exported: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marts, "declared", lambda: MARTS)
    try:
        python = python_of(ui.REQUIREMENTS, tmp_path / "datasette")
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    file, metadata = write_sqlite(exported, tmp_path, lambda text: None, unless_newer_than=0)
    page = "/spotify/fct_plays.json?_labels=on&_shape=objects&play_id=c"
    command = [*ui.serving(python, file, metadata), "--get", page]
    shown = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert shown["rows"][0]["track_id"] == {"value": "spotify:local:a", "label": "مرحبا"}


def test_the_exit_code_of_a_program_in_the_foreground_is_returned() -> None:
    assert foreground.run(["/bin/sh", "-c", "exit 3"]) == 3


def test_programs_start_when_the_server_answers_and_all_end_with_the_first_that_ends() -> None:
    port, ready = ui.free_port(0), []
    server = [sys.executable, "-m", "http.server", "--bind", ui.HOST, str(port)]
    # It ends with 5 if the server answers already.
    other = [
        sys.executable,
        "-c",
        f"import socket; socket.create_connection(('{ui.HOST}', {port})); raise SystemExit(5)",
    ]
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    ended = foreground.run_together(server, [other], (ui.HOST, port), lambda: ready.append(1), **options)
    assert (ended, ready) == (5, [1])
    assert not foreground.answers((ui.HOST, port))
