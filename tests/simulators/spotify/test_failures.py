"""Faults on demand: both 429s, broken answers, silence; what the request log shows of them."""

import time

import pytest
import requests
import spotipy

from tests.simulators.spotify.client import refusal, spotify
from tests.simulators.spotify.listener import Listener

SECOND_APP = "invented-second-app"
RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}


def get(listener: Listener, path: str, **headers: str) -> requests.Response:
    """An answer as it came."""
    bearer = {"Authorization": f"Bearer {listener.access_token()}"}
    return requests.get(f"{listener.api_url}{path}", headers=bearer | headers, timeout=5)


@pytest.mark.parametrize("seconds", ["2", "0", None])
def test_a_rate_limit_may_name_a_short_wait_or_none(listener: Listener, seconds: str | None) -> None:
    headers = {"Retry-After": seconds} if seconds is not None else {}
    listener.fault("/v1/me/tracks", status=429, headers=headers, body=RATE, times=1)
    client = spotify(listener)
    with pytest.raises(spotipy.SpotifyException) as caught:
        client.current_user_saved_tracks()
    assert caught.value.http_status == 429
    assert caught.value.reason is None
    assert caught.value.headers.get("Retry-After") == seconds
    assert client.current_user_saved_tracks()["total"] == 400


def test_a_fault_strikes_after_so_many_calls_as_often_as_it_should(listener: Listener, client: spotipy.Spotify) -> None:
    listener.fault("/v1/me/*", status=502, after=2, times=2)
    statuses = [
        get(listener, path).status_code for path in ("/me/tracks", "/me/albums", "/me/shows", "/me/tracks", "/me/shows")
    ]
    assert statuses == [200, 200, 502, 502, 200]
    listener.fault("/v1/me", status=500)
    assert [get(listener, "/me").status_code for _ in range(3)] == [500] * 3
    listener.no_faults()
    assert client.me()


def test_the_quota_locks_a_group_for_all_client_ids_until_it_is_over(listener: Listener) -> None:
    listener.quota("saved-tracks", calls=2)
    client = spotify(listener)
    client.current_user_saved_tracks()
    client.current_user_saved_tracks()
    form = {"grant_type": "refresh_token", "refresh_token": "invented-refresh-token", "client_id": SECOND_APP}
    token = requests.post(f"{listener.accounts_url}/api/token", data=form, timeout=5).json()["access_token"]
    for other in (client, spotify(listener, token)):
        with pytest.raises(spotipy.SpotifyException) as caught:
            other.current_user_saved_tracks()
        assert (caught.value.http_status, caught.value.reason) == (429, "QUOTA_EXCEEDED")
        assert caught.value.headers["Retry-After"] == "86400"
        assert other.current_user_saved_albums()["total"] == 21
        assert other.current_user_playlists()["total"] == 12
    listener.clock(hours=23)
    assert get(listener, "/me/tracks").headers["Retry-After"] == "3600"
    listener.clock(hours=1)
    assert get(listener, "/me/tracks").status_code == 200


def test_a_quota_lock_may_come_without_a_header(listener: Listener, client: spotipy.Spotify) -> None:
    listener.quota("playlist-items", calls=0, header=False)
    playlist = client.current_user_playlists()["items"][0]["id"]
    with pytest.raises(spotipy.SpotifyException) as caught:
        client.playlist_items(playlist)
    assert (caught.value.reason, "Retry-After" in caught.value.headers) == ("QUOTA_EXCEEDED", False)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [None, "<html><body>Bad gateway</body></html>"])
def test_the_server_may_fail_in_json_or_in_html(listener: Listener, status: int, body: str | None) -> None:
    listener.fault("/v1/me", status=status, body=body)
    answer = get(listener, "/me")
    assert answer.status_code == status
    assert ("html" in answer.headers["Content-Type"]) == (body is not None)
    assert answer.text == body or answer.json()["error"]["status"] == status


def test_an_answer_may_be_cut_off_or_empty_or_html_with_status_200(listener: Listener, client: spotipy.Spotify) -> None:
    whole = get(listener, "/me/shows").text
    listener.fault("/v1/me/shows", kind="truncate", times=2)
    half = get(listener, "/me/shows")
    assert half.status_code == 200
    assert half.text == whole[: len(half.text)]
    assert 0 < len(half.text) < len(whole)
    assert client.current_user_saved_shows() is None
    listener.fault("/v1/me/shows", kind="empty", times=1)
    assert get(listener, "/me/shows").content == b""
    listener.fault("/v1/me/shows", status=200, body="<html></html>", times=1)
    assert client.current_user_saved_shows() is None
    assert client.current_user_saved_shows()["total"] == 8


def test_a_connection_may_be_dropped_without_an_answer(listener: Listener, client: spotipy.Spotify) -> None:
    listener.fault("/v1/me", kind="drop", times=1)
    with pytest.raises(requests.ConnectionError):
        client.me()
    assert client.me()["id"] == "invented_listener"


def test_an_answer_may_be_slow(listener: Listener) -> None:
    listener.fault("/v1/me", delay_s=0.3, times=1)
    token = listener.access_token()
    impatient = spotipy.Spotify(auth=token, retries=0, requests_timeout=0.1)
    impatient.prefix = f"{listener.api_url}/"
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.me()
    listener.fault("/v1/me", delay_s=0.2, times=1)
    start = time.monotonic()
    assert get(listener, "/me").status_code == 200
    assert time.monotonic() - start >= 0.2


def test_answers_carry_no_etag_unless_it_is_switched_on(listener: Listener) -> None:
    assert "ETag" not in get(listener, "/me/tracks").headers
    listener.switch(etag=True)
    tag = get(listener, "/me/tracks").headers["ETag"]
    again = get(listener, "/me/tracks", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    listener.mutate("save")
    assert get(listener, "/me/tracks", **{"If-None-Match": tag}).status_code == 200


def test_the_request_log_counts_calls_by_endpoint(listener: Listener, client: spotipy.Spotify) -> None:
    listener.forget_requests()
    playlist = client.current_user_playlists(limit=50)["items"][0]["id"]
    client.playlist_items(playlist, limit=50)
    client.playlist_items(playlist, limit=50, offset=50)
    refusal(client._get, "tracks", ids="x")
    assert listener.requests() == {
        "GET /v1/me/playlists": 1,
        f"GET /v1/playlists/{playlist}/items": 2,
        "GET /v1/tracks": 1,
    }
    log = listener.request_log()
    assert [line["status"] for line in log] == [200, 200, 200, 403]
    assert log[2]["query"].startswith("limit=50&offset=50")
    assert log[0]["client_id"] == "invented-listener"
    listener.forget_requests()
    assert listener.requests() == {}


def test_a_wish_that_makes_no_sense_is_refused(listener: Listener) -> None:
    for attempt in (
        lambda: listener.mutate("sing"),
        lambda: listener.fault("/v1/me", kind="explode"),
        lambda: listener.fault("/v1/me", colour="blue"),
        lambda: listener.switch(premum=False),
        lambda: listener.switch(mode="production"),
        lambda: listener.quota("everything", calls=1),
        lambda: listener.mutate("unsave", kind="albums", index=3),
    ):
        with pytest.raises(ValueError, match=r"^POST .*Error"):
            attempt()
    assert listener.switch()["premium"] is True
