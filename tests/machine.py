"""Runs verbs as a user types them, in this process, with their own environment and folder."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orchestration import cli, personal_files, places
from pipelines.settings import load_settings
from tests.account import same_environment
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

SMALL = {"size": 30, "playlists": 1, "playlist_items": 5}


class Machine:
    """`type("extract")` runs a verb on the demo server's account and returns its exit code."""

    def __init__(self, demo_server: DemoServer, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.demo_server = demo_server
        self.folder = folder
        self.environment = {
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
            "SPOTIFY_TOKEN_FILE": str(folder / "data" / "token.json"),
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
            "LAKE_URL": str(folder / "data" / "lake"),
            "DUCKDB_PATH": str(folder / "data" / "spotify.duckdb"),
            "WORK_DIR": str(folder / "data"),
        }
        self._patch = patch
        # The project folder of this machine: it holds `.env`, and `make forget` looks there too.
        patch.setattr(cli, "load_settings", partial(load_settings, root=folder))
        patch.setattr(places, "ROOT", folder)
        patch.setattr(personal_files, "ROOT", folder)

    def type(self, *arguments: str, **environment: str) -> int:
        with same_environment():
            for name, value in (self.environment | environment).items():
                self._patch.setenv(name, value)
            return cli.call(list(arguments))

    @property
    def lake(self) -> Path:
        return self.folder / "data" / "lake"

    @property
    def last_run(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.lake / "last_run.json").read_text())
        return found


@pytest.fixture
def machine(demo_servers: Callable[..., DemoServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(demo_servers(**SMALL), tmp_path, monkeypatch)
