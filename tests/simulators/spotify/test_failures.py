"""Faults, quotas and the request log."""

import time

import pytest
import requests
import spotipy

from tests.simulators.spotify.client import refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer

RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}


def get(demo_server: DemoServer, path: str) -> requests.Response:
    bearer = {"Authorization": f"Bearer {demo_server.access_token()}"}
    return requests.get(f"{demo_server.api_url}{path}", headers=bearer, timeout=5)


@pytest.mark.parametrize("seconds", ["2", "0", None])
def test_a_rate_limit_may_name_a_short_wait_or_none(demo_server: DemoServer, seconds: str | None) -> None:
    headers = {"Retry-After": seconds} if seconds is not None else {}
    demo_server.fault("/v1/me/tracks", status=429, headers=headers, body=RATE, times=1)
    client = spotify(demo_server)
    with pytest.raises(spotipy.SpotifyException) as caught:
        client.current_user_saved_tracks()
    assert caught.value.http_status == 429
    assert caught.value.reason is None
    assert caught.value.headers.get("Retry-After") == seconds
    assert client.current_user_saved_tracks()["total"] == 400


def test_a_fault_begins_after_some_calls_and_strikes_a_number_of_times(
    demo_server: DemoServer, client: spotipy.Spotify
) -> None:
    demo_server.fault("/v1/me/*", status=502, after=2, times=2)
    statuses = [
        get(demo_server, path).status_code
        for path in ("/me/tracks", "/me/albums", "/me/shows", "/me/tracks", "/me/shows")
    ]
    assert statuses == [200, 200, 502, 502, 200]
    demo_server.fault("/v1/me", status=500)
    assert [get(demo_server, "/me").status_code for _ in range(3)] == [500] * 3
    demo_server.no_faults()
    assert client.me()


def test_a_quota_locks_one_group_of_routes_until_it_is_over(demo_server: DemoServer) -> None:
    demo_server.quota("saved-tracks", calls=2)
    client = spotify(demo_server)
    client.current_user_saved_tracks()
    client.current_user_saved_tracks()
    with pytest.raises(spotipy.SpotifyException) as caught:
        client.current_user_saved_tracks()
    assert (caught.value.http_status, caught.value.reason) == (429, "QUOTA_EXCEEDED")
    assert caught.value.headers["Retry-After"] == "86400"
    assert client.current_user_saved_albums()["total"] == 21
    assert client.current_user_playlists()["total"] == 12
    demo_server.clock(hours=23)
    assert get(demo_server, "/me/tracks").headers["Retry-After"] == "3600"
    demo_server.clock(hours=1)
    assert get(demo_server, "/me/tracks").status_code == 200


def test_a_quota_lock_may_come_without_a_header(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.quota("playlist-items", calls=0, header=False)
    playlist = client.current_user_playlists()["items"][0]["id"]
    with pytest.raises(spotipy.SpotifyException) as caught:
        client.playlist_items(playlist)
    assert (caught.value.reason, "Retry-After" in caught.value.headers) == ("QUOTA_EXCEEDED", False)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [None, "<html><body>Bad gateway</body></html>"])
def test_the_server_may_fail_in_json_or_in_html(demo_server: DemoServer, status: int, body: str | None) -> None:
    demo_server.fault("/v1/me", status=status, body=body)
    answer = get(demo_server, "/me")
    assert answer.status_code == status
    assert ("html" in answer.headers["Content-Type"]) == (body is not None)
    assert answer.text == body or answer.json()["error"]["status"] == status


def test_an_answer_may_be_cut_off_or_empty_or_html_with_status_200(
    demo_server: DemoServer, client: spotipy.Spotify
) -> None:
    whole = get(demo_server, "/me/shows").text
    demo_server.fault("/v1/me/shows", kind="truncate", times=2)
    half = get(demo_server, "/me/shows")
    assert half.status_code == 200
    assert half.text == whole[: len(half.text)]
    assert 0 < len(half.text) < len(whole)
    assert client.current_user_saved_shows() is None
    demo_server.fault("/v1/me/shows", kind="empty", times=1)
    assert get(demo_server, "/me/shows").content == b""
    demo_server.fault("/v1/me/shows", status=200, body="<html></html>", times=1)
    assert client.current_user_saved_shows() is None
    assert client.current_user_saved_shows()["total"] == 8


def test_a_connection_may_be_dropped_without_an_answer(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.fault("/v1/me", kind="drop", times=1)
    with pytest.raises(requests.ConnectionError):
        client.me()
    assert client.me()["id"] == "demo_listener"


def test_an_answer_may_be_slow(demo_server: DemoServer) -> None:
    demo_server.fault("/v1/me", delay_s=0.3, times=1)
    token = demo_server.access_token()
    impatient = spotipy.Spotify(auth=token, retries=0, requests_timeout=0.1)
    impatient.prefix = f"{demo_server.api_url}/"
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.me()
    demo_server.fault("/v1/me", delay_s=0.2, times=1)
    start = time.monotonic()
    assert get(demo_server, "/me").status_code == 200
    assert time.monotonic() - start >= 0.2


def test_the_request_log_counts_calls_by_endpoint(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.forget_requests()
    playlist = client.current_user_playlists(limit=50)["items"][0]["id"]
    client.playlist_items(playlist, limit=50)
    client.playlist_items(playlist, limit=50, offset=50)
    refusal(client._get, "playlists/x/tracks")
    assert demo_server.requests() == {
        "GET /v1/me/playlists": 1,
        f"GET /v1/playlists/{playlist}/items": 2,
        "GET /v1/playlists/x/tracks": 1,
    }
    log = demo_server.request_log()
    assert [line["status"] for line in log] == [200, 200, 200, 403]
    assert log[2]["query"].startswith("limit=50&offset=50")
    demo_server.forget_requests()
    assert demo_server.requests() == {}


def test_a_request_that_cannot_be_understood_is_refused(demo_server: DemoServer) -> None:
    for attempt in (
        lambda: demo_server.mutate("sing"),
        lambda: demo_server.fault("/v1/me", kind="explode"),
        lambda: demo_server.fault("/v1/me", colour="blue"),
        lambda: demo_server.switch(premum=False),
        lambda: demo_server.switch(mode="production"),
        lambda: demo_server.quota("everything", calls=1),
        lambda: demo_server.mutate("unsave", kind="albums", index=3),
    ):
        with pytest.raises(ValueError, match=r"^POST .*Error"):
            attempt()
    assert demo_server.switch()["premium"] is True
