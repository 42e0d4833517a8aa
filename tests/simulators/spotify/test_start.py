"""How the demo server starts and ends."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import requests

from tests.simulators.spotify.client import every_row, spotify
from tests.simulators.spotify.demo_server import DemoServer

DEMO = [sys.executable, "-m", "pipelines.demo"]


def test_it_prints_one_line_with_its_addresses_on_loopback() -> None:
    with subprocess.Popen(
        [*DEMO, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        addresses = json.loads(server.stdout.readline())
        assert addresses["api_url"] == f"{addresses['accounts_url']}/v1"
        assert urlsplit(addresses["accounts_url"]).hostname == "127.0.0.1"
        assert requests.get(addresses["api_url"] + "/me", timeout=5).status_code == 401
        assert requests.get(addresses["accounts_url"] + "/__control/requests", timeout=5).status_code == 404
        server.stdin.close()
        assert server.wait(5) == 0
        assert server.stdout.read() == ""


@pytest.mark.parametrize("name", ["nothing", "no.such:module", "tests.simulators.spotify.control:nothing"])
def test_a_mount_that_does_not_exist_is_an_error_of_one_line(name: str) -> None:
    done = subprocess.run([*DEMO, "--mount", name], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"argument --mount: {name} does not name a function" in done.stderr.splitlines()[-1]


def test_pages_of_a_long_library_are_fast(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(size=100_000))
    assert client.current_user_saved_tracks(limit=50)["total"] == 100_000
    start = time.monotonic()
    pages = 20
    for page in range(pages):
        rows = client.current_user_saved_tracks(limit=50, offset=99_000 + 50 * page)["items"]
        assert len(rows) == 50
    assert (time.monotonic() - start) / pages < 0.1


def test_the_number_of_playlists_and_of_their_items_can_be_chosen(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(playlists=100, playlist_items=100))
    rows = every_row(client, client.current_user_playlists(limit=50))
    totals = [row["items"]["total"] for row in rows if row and "items" in row]
    assert len(totals) == 96
    assert all(80 <= total <= 120 for total in totals)


def test_every_answer_can_be_slow(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(latency_ms=120))
    start = time.monotonic()
    client.me()
    assert time.monotonic() - start >= 0.12
