"""Runs programs in processes of their own and measures seconds, calls and peak memory."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.settings import ROOT, SETTINGS
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

ELT = str(Path(sys.executable).with_name("spotify-elt"))
PYTHON = sys.executable
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "SPOTIFY_OPENAPI")


@dataclass(frozen=True)
class Measured:
    """`peak_mb` is the largest resident memory of the program itself, in millions of bytes."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run a program to its end. If it fails, raises RuntimeError with the end of its output.

    A small process stands between: Linux counts what a parent held when it started a program as that program's peak.
    """
    between = [PYTHON, "-S", str(Path(__file__).with_name("wait_for.py")), *command]
    done = subprocess.run(between, cwd=ROOT, env=dict(environment), capture_output=True, text=True)
    *output, last = done.stdout.splitlines() or [""]
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-800:]}")
    figures = json.loads(last)
    return Measured(figures["seconds"], figures["cpu_seconds"], figures["peak_mb"], "\n".join(output))


def own_account(folder: Path, demo_server: DemoServer) -> dict[str, str]:
    """Settings of a user who has logged in to the demo account."""
    return settings(folder) | {
        "SPOTIFY_TOKEN_FILE": str(folder / "spotify_token.json"),
        "SPOTIFY_CLIENT_ID": CLIENT_ID,
        "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
        "SPOTIFY_API_URL": demo_server.api_url,
        "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
    }


def settings(folder: Path) -> dict[str, str]:
    """Settings of the demo account with folders of their own. All other values are defaults; `.env` is ignored."""
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        **{setting.name: setting.default for setting in SETTINGS},
        "SPOTIFY_TOKEN_FILE": "",
        "LAKE_URL": str(folder / "lake"),
        "DUCKDB_PATH": str(folder / "spotify.duckdb"),
        "WORK_DIR": str(folder),
    }


def last_run(folder: Path) -> dict[str, Any]:
    """The record of the last run in the lake."""
    found: dict[str, Any] = json.loads((folder / "lake" / "last_run.json").read_text(encoding="utf-8"))
    return found
