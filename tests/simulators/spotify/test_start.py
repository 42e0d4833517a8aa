"""How the server starts, how it ends."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from tests.simulators.spotify.client import every_row, spotify
from tests.simulators.spotify.demo_server import DemoServer


def test_it_says_on_one_line_where_it_listens_on_loopback() -> None:
    command = [sys.executable, "-m", "pipelines.demo", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        said = json.loads(server.stdout.readline())
        assert set(said) == {"api_url", "accounts_url", "control_url"}
        assert {urlsplit(url).hostname for url in said.values()} == {"127.0.0.1"}
        assert [urlsplit(said[name]).path for name in ("api_url", "accounts_url", "control_url")] == [
            "/v1",
            "",
            "/__control",
        ]
        assert requests.get(said["api_url"] + "/me", timeout=5).status_code == 401
        server.stdin.close()
        assert server.wait(5) == 0
        assert server.stdout.read() == ""


def test_the_longest_library_is_served_from_the_start(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(size=100_000))
    assert client.current_user_saved_tracks(limit=50)["total"] == 100_000
    start = time.monotonic()
    pages = 20
    for page in range(pages):
        rows = client.current_user_saved_tracks(limit=50, offset=99_000 + 50 * page)["items"]
        assert len(rows) == 50
    assert (time.monotonic() - start) / pages < 0.1


def test_playlists_are_as_many_with_as_many_items_as_asked(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(playlists=100, playlist_items=100))
    rows = every_row(client, client.current_user_playlists(limit=50))
    totals = [row["items"]["total"] for row in rows if row and "items" in row]
    assert len(totals) == 96
    assert all(80 <= total <= 120 for total in totals)


def test_every_answer_may_be_late(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(latency_ms=120))
    start = time.monotonic()
    client.me()
    assert time.monotonic() - start >= 0.12
