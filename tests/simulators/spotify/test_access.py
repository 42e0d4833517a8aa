"""Who is refused, in which words."""

import pytest
import requests
import spotipy

from tests.simulators.spotify.client import refusal, spotify
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, DemoServer


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (None, 401, "No token provided"),
        ("Basic abc", 400, "Only valid bearer authentication supported"),
        ("Bearer ", 400, "Only valid bearer authentication supported"),
        ("Bearer somebody-else", 401, "Invalid access token"),
    ],
)
def test_a_bearer_token_that_is_none_is_refused(
    demo_server: DemoServer, header: str | None, status: int, message: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{demo_server.api_url}/me", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()) == (status, {"error": {"status": status, "message": message}})


def test_a_missing_scope_is_named_as_such(demo_server: DemoServer) -> None:
    demo_server.switch(granted_scope="user-library-read user-follow-read")
    client = spotify(demo_server)
    assert client.current_user_saved_tracks()["total"] == 400
    assert refusal(client.current_user_top_artists) == (403, "Insufficient client scope")
    assert refusal(client.current_user_recently_played) == (403, "Insufficient client scope")
    assert refusal(client.current_user_playlists) == (403, "Insufficient client scope")
    assert refusal(client.current_user_saved_episodes) == (403, "Insufficient client scope")


def test_an_app_without_a_user_reads_the_catalogue_alone(demo_server: DemoServer) -> None:
    form = {"grant_type": "client_credentials"}
    basic = (CLIENT_ID, CLIENT_SECRET)
    answer = requests.post(f"{demo_server.accounts_url}/api/token", data=form, auth=basic, timeout=5).json()
    app = spotify(demo_server, answer["access_token"])
    album = spotify(demo_server).current_user_saved_albums(limit=1)["items"][0]["album"]
    assert app.album(album["id"])["name"] == album["name"]
    assert refusal(app.me) == (401, "Valid user authentication required")
    assert refusal(app.current_user_saved_tracks) == (401, "Valid user authentication required")


def test_a_user_who_is_not_on_the_list_is_refused_everywhere(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.switch(listed_user=False)
    status, message = refusal(client.me)
    assert status == 403
    assert "not registered" in message


def test_a_lapsed_premium_is_told_in_plain_text(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.switch(premium=False)
    headers = {"Authorization": f"Bearer {demo_server.access_token()}"}
    answer = requests.get(f"{demo_server.api_url}/me", headers=headers, timeout=5)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert refusal(client.me) == (403, answer.text)
