"""Access tokens from a refresh token: one refresh at a time, rotated tokens are stored, refused ones not retried."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipelines.spotify.auth import Tokens, token_hash
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.errors import AppRefused, ConsentNeeded, Unreachable
from pipelines.spotify.token_store import token_store
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, DemoServer

DEAD = {"error": "invalid_grant", "error_description": "Refresh token expired"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "token.json"


@pytest.fixture
def tokens_of(demo_server: DemoServer, file: Path) -> Callable[..., Tokens]:
    """`tokens_of(refresh_token="")` returns the Tokens of a run that uses the token in the file."""

    def made(client_id: str = CLIENT_ID, secret: str = "", refresh_token: str = REFRESH_TOKEN) -> Tokens:
        return Tokens(client_id, secret, refresh_token, demo_server.accounts_url, token_store(str(file)))

    return made


def token_calls(demo_server: DemoServer) -> int:
    return demo_server.requests().get("POST /api/token", 0)


def test_eight_threads_with_no_token_refresh_once(demo_server: DemoServer, tokens_of: Callable[..., Tokens]) -> None:
    tokens = tokens_of()
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: tokens.get_access_token(), range(8)))
    assert len(found) == 1
    assert token_calls(demo_server) == tokens.calls == 1


def test_eight_threads_with_an_expired_token_refresh_once(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens]
) -> None:
    api = SpotifyClient(tokens_of(), demo_server.api_url)
    api.get("me")
    demo_server.clock(hours=2)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: api.get("me"), range(8)))
    assert token_calls(demo_server) == 2


def test_a_rotated_token_is_stored_with_mode_600_and_used_by_the_next_run(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], file: Path
) -> None:
    demo_server.switch(rotation=True)
    token_store(str(file)).write({"client_id": CLIENT_ID, "refresh_token": REFRESH_TOKEN, "consented_at": "2026-11-01"})
    for _ in range(3):
        tokens_of(refresh_token="").get_access_token()
    kept = json.loads(file.read_text())
    assert kept["refresh_token"] != REFRESH_TOKEN
    assert (kept["client_id"], kept["consented_at"]) == (CLIENT_ID, "2026-11-01")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_rotated_token_is_passed_to_the_callback_with_or_without_a_store(demo_server: DemoServer, file: Path) -> None:
    demo_server.switch(rotation=True)
    rotated: list[str] = []
    given = (CLIENT_ID, "", REFRESH_TOKEN, demo_server.accounts_url)
    Tokens(*given, on_rotated=rotated.append).get_access_token()
    Tokens(CLIENT_ID, "", rotated[0], given[3], token_store(str(file)), on_rotated=rotated.append).get_access_token()
    assert len({REFRESH_TOKEN, *rotated}) == 3
    assert json.loads(file.read_text())["refresh_token"] == rotated[1]


def test_after_a_rotation_the_token_in_the_file_replaces_the_one_in_the_environment(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], file: Path
) -> None:
    demo_server.switch(rotation=True)
    for _ in range(3):
        tokens_of().get_access_token()
    assert json.loads(file.read_text())["rotated_from"] == token_hash(REFRESH_TOKEN)
    assert REFRESH_TOKEN not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_token_in_the_environment_is_used_instead_of_an_old_one_in_the_file(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], file: Path
) -> None:
    token_store(str(file)).write({"rotated_from": token_hash("an older one"), "refresh_token": "dead"})
    assert tokens_of().get_access_token()


def test_the_refresh_token_stays_when_none_is_returned(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], file: Path
) -> None:
    tokens = tokens_of()
    tokens.refused(tokens.get_access_token())
    assert tokens.get_access_token()
    assert not file.exists()


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (DEAD, ConsentNeeded, "Refresh token expired.*make login"),
        ({"error": "invalid_client"}, AppRefused, "SPOTIFY_CLIENT_ID"),
        ({"error": "invalid_request", "error_description": "odd"}, AppRefused, "invalid_request odd"),
    ],
)
def test_a_refused_refresh_is_never_tried_again(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], body: dict[str, str], kind: type[Exception], message: str
) -> None:
    demo_server.fault("/api/token", status=400, body=body)
    tokens = tokens_of()
    for _ in range(3):
        with pytest.raises(kind, match=message):
            tokens.get_access_token()
    assert token_calls(demo_server) == 1


@pytest.mark.parametrize("wrong", [{"client_id": "other"}, {"secret": "wrong"}])
def test_a_wrong_client_id_or_secret_is_reported(tokens_of: Callable[..., Tokens], wrong: dict[str, str]) -> None:
    with pytest.raises(AppRefused, match="SPOTIFY_CLIENT_ID"):
        tokens_of(**wrong).get_access_token()


def test_a_client_with_a_secret_sends_the_secret(tokens_of: Callable[..., Tokens]) -> None:
    assert tokens_of(secret=CLIENT_SECRET).get_access_token()


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"status": 429}, {"status": 200, "body": "<html>"}, {"kind": "drop"}]
)
def test_a_token_endpoint_that_fails_is_requested_four_times(
    demo_server: DemoServer, tokens_of: Callable[..., Tokens], fault: dict[str, Any], waits: list[float]
) -> None:
    demo_server.fault("/api/token", times=3, **fault)
    assert tokens_of().get_access_token()
    assert (token_calls(demo_server), len(waits)) == (4, 3)
    demo_server.fault("/api/token", **fault)
    with pytest.raises(Unreachable, match="no answer from"):
        tokens_of().get_access_token()
    assert token_calls(demo_server) == 8


def test_without_a_refresh_token_the_message_asks_for_a_login(tokens_of: Callable[..., Tokens]) -> None:
    with pytest.raises(ConsentNeeded, match="make login"):
        tokens_of(refresh_token="")
