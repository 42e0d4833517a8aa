"""Calls without the right token, scope, user or premium."""

import pytest
import requests
import spotipy

from tests.simulators.spotify.client import refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (None, 401, "No token provided"),
        ("Basic abc", 400, "Only valid bearer authentication supported"),
        ("Bearer ", 400, "Only valid bearer authentication supported"),
        ("Bearer somebody-else", 401, "Invalid access token"),
    ],
)
def test_a_missing_or_wrong_token_is_refused(
    demo_server: DemoServer, header: str | None, status: int, message: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{demo_server.api_url}/me", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()) == (status, {"error": {"status": status, "message": message}})


def test_a_missing_scope_is_the_reason_of_the_refusal(demo_server: DemoServer) -> None:
    demo_server.switch(granted_scope="user-library-read user-follow-read")
    client = spotify(demo_server)
    assert client.current_user_saved_tracks()["total"] == 400
    assert refusal(client.current_user_top_artists) == (403, "Insufficient client scope")
    assert refusal(client.current_user_recently_played) == (403, "Insufficient client scope")
    assert refusal(client.current_user_playlists) == (403, "Insufficient client scope")
    assert refusal(client.current_user_saved_episodes) == (403, "Insufficient client scope")


def test_a_user_who_is_not_on_the_list_is_refused(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.switch(listed_user=False)
    status, message = refusal(client.me)
    assert status == 403
    assert "not registered" in message


def test_without_premium_every_call_is_refused_in_plain_text(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.switch(premium=False)
    headers = {"Authorization": f"Bearer {demo_server.access_token()}"}
    answer = requests.get(f"{demo_server.api_url}/me", headers=headers, timeout=5)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert refusal(client.me) == (403, answer.text)
