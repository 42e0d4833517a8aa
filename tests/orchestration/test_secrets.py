"""No token and no client secret appears in output, logs, addresses, records or the lake."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import Machine
from tests.simulators.spotify.demo_server import CLIENT_SECRET

LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
from orchestration.cli import call
from pipelines.lake.destination import CONFIGURATION
CONFIGURATION["runtime"]["log_level"] = "DEBUG"
sys.exit(call(["extract"]))
"""
# An error in the program, at a moment when the tokens are known.
BROKEN = """
from pipelines.spotify.client import SpotifyClient
def get(self, *arguments, **parameters):
    self.tokens.get_access_token()
    raise RuntimeError("broken on purpose")
SpotifyClient.get = get
"""
SECRETS = ("demo-access-", "demo-refresh-", CLIENT_SECRET)
BREAKS = {
    "a run that succeeds": None,
    "a consent that ends during the run": {"path": "/v1/me/albums", "status": 401},
    "a spent quota": {"path": "/v1/me/albums", "status": 429},
}


def loud_run(machine: Machine, before: str = "") -> str:
    values = {"PATH": "/usr/bin:/bin", "SPOTIFY_CLIENT_SECRET": CLIENT_SECRET}
    command = [sys.executable, "-c", before + LOUD]
    run = subprocess.run(command, env=values | machine.environment, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


def found_in(folder: Path) -> dict[str, str]:
    """The files that hold a secret."""
    return {
        str(file.relative_to(folder)): secret
        for file in folder.rglob("*")
        if file.is_file()
        for secret in SECRETS
        if secret.encode() in file.read_bytes()
    }


@pytest.mark.parametrize("fault", BREAKS.values(), ids=BREAKS)
def test_no_secret_is_logged_or_kept_whatever_happens(machine: Machine, fault: dict[str, object] | None) -> None:
    machine.demo_server.switch(rotation=True)
    if fault:
        machine.demo_server.fault(**fault)  # type: ignore[arg-type]
    printed = loud_run(machine)
    assert "DEBUG" in printed
    assert "saved_tracks" in printed
    assert not [secret for secret in SECRETS if secret in printed]
    assert set(found_in(machine.folder)) == {"data/token.json"}
    assert not [line for line in machine.demo_server.request_log() if any(secret in str(line) for secret in SECRETS)]


def test_no_secret_is_in_the_traceback_that_a_broken_run_keeps(machine: Machine) -> None:
    machine.demo_server.switch(rotation=True)
    printed = loud_run(machine, BROKEN)
    assert "broken: RuntimeError" in printed
    kept = machine.folder / "data" / "last_error.txt"
    assert "Traceback" in kept.read_text()
    assert set(found_in(machine.folder)) == {"data/token.json"}
    assert not [secret for secret in SECRETS if secret in printed]
