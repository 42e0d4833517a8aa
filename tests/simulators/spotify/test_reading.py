"""The lists: limits, pages, cursors, order."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
import spotipy

from tests.simulators.spotify.client import Json, every_row, refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer

LISTINGS = ["me/tracks", "me/albums", "me/shows", "me/episodes", "me/audiobooks", "me/playlists", "me/top/artists"]


def get(demo_server: DemoServer, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {demo_server.access_token()}"}
    return requests.get(f"{demo_server.api_url}{path}", headers=headers, timeout=5)


def test_trailing_slashes_and_unknown_parameters_are_ignored(demo_server: DemoServer) -> None:
    plain = get(demo_server, "/me/tracks?limit=2").json()
    odd = get(demo_server, "/me/tracks/?limit=2&colour=blue").json()
    assert odd["items"] == plain["items"]
    assert demo_server.requests()["GET /v1/me/tracks"] == 2


def test_a_page_has_twenty_rows_by_default_and_fifty_at_most(client: spotipy.Spotify) -> None:
    for path in [*LISTINGS, "me/top/tracks"]:
        assert client._get(path)["limit"] == 20, path
        assert client._get(path, limit=50)["limit"] == 50, path
        for limit in (51, 0, -1, "many"):
            assert refusal(client._get, path, limit=limit) == (400, "Invalid limit"), (path, limit)
    for path in ("me/following?type=artist", "me/player/recently-played"):
        assert refusal(client._get, path, limit=51) == (400, "Invalid limit"), path


def test_offset_pages_have_addresses_of_this_server_and_a_total(
    demo_server: DemoServer, client: spotipy.Spotify
) -> None:
    page = client.current_user_saved_tracks(limit=50, offset=50)
    address = f"{demo_server.api_url}/me/tracks"
    assert page["href"].startswith(f"{address}?offset=50&limit=50")
    assert page["next"].startswith(f"{address}?offset=100&limit=50")
    assert page["previous"].startswith(f"{address}?offset=0&limit=50")
    assert (page["offset"], page["total"], len(page["items"])) == (50, 400, 50)
    rows = every_row(client, client.current_user_saved_tracks(limit=50))
    assert len({row["track"]["id"] for row in rows}) == 400
    assert demo_server.requests()["GET /v1/me/tracks"] == 9


def test_size_is_a_parameter(demo_servers: Callable[..., DemoServer]) -> None:
    client = spotify(demo_servers(size=1000, playlists=20, playlist_items=30))
    assert client.current_user_saved_tracks()["total"] == 1000
    assert client.current_user_saved_albums()["total"] == 51
    assert client.current_user_followed_artists()["artists"]["total"] == 100
    assert client.current_user_playlists()["total"] == 20


def test_pages_of_playlists_may_name_a_withdrawn_route(demo_server: DemoServer, client: spotipy.Spotify) -> None:
    demo_server.switch(users_path_in_next=True)
    page = client.current_user_playlists(limit=5)
    assert page["next"].startswith(f"{demo_server.api_url}/users/demo_listener/playlists?offset=5")
    assert refusal(client.next, page) == (403, "Forbidden")
    demo_server.switch(mode="extended")
    assert client.next(page)["offset"] == 5


def test_followed_artists_are_read_by_a_cursor_that_leads_forwards(client: spotipy.Spotify) -> None:
    page = client.current_user_followed_artists(limit=15)["artists"]
    assert set(page) == {"cursors", "href", "items", "limit", "next", "total"}
    assert page["cursors"]["after"] == page["items"][-1]["id"]
    seen = list(page["items"])
    while page["next"]:
        page = client.next(page)["artists"]
        seen += page["items"]
    assert page["cursors"] == {"after": None}
    assert len({artist["id"] for artist in seen}) == len(seen) == 40


@pytest.mark.parametrize("kind", ["artists", "tracks"])
def test_top_lists_differ_by_range_with_more_than_fifty_ranks(client: spotipy.Spotify, kind: str) -> None:
    read: Any = getattr(client, f"current_user_top_{kind}")
    pages = [read(limit=50, time_range=f"{term}_term") for term in ("short", "medium", "long")]
    totals = [page["total"] for page in pages]
    assert 50 < totals[0] < totals[1] < totals[2]
    assert len({page["items"][0]["id"] for page in pages} | {page["items"][1]["id"] for page in pages}) > 2
    assert client.next(pages[0])["offset"] == 50
    assert read(limit=50, time_range="medium_term") == read(limit=50)


def test_saved_tracks_are_newest_first_and_saved_albums_are_not(client: spotipy.Spotify) -> None:
    def dates(page: Json) -> list[str]:
        return [row["added_at"] for row in every_row(client, page) if row]

    tracks = dates(client.current_user_saved_tracks(limit=50))
    albums = dates(client.current_user_saved_albums(limit=50))
    assert tracks == sorted(tracks, reverse=True)
    assert albums != sorted(albums, reverse=True)
    for audiobook in client._get("me/audiobooks")["items"]:
        assert "added_at" not in audiobook
        assert audiobook["uri"].startswith("spotify:show:")


def test_the_tracks_of_an_album_are_found_by_its_id(client: spotipy.Spotify) -> None:
    track = client.current_user_saved_tracks(limit=1)["items"][0]["track"]
    page = client.album_tracks(track["album"]["id"], limit=50)
    assert track["id"] in [row["id"] for row in page["items"]]
    assert page["total"] == track["album"]["total_tracks"]
    album = client.current_user_saved_albums(limit=1)["items"][0]["album"]
    assert client.album_tracks(album["id"], limit=50)["items"] == album["tracks"]["items"]


def test_the_episodes_of_a_show_are_found_by_its_id_newest_first(client: spotipy.Spotify) -> None:
    show = client.current_user_saved_shows(limit=1)["items"][0]["show"]
    episodes = every_row(client, client.show_episodes(show["id"], limit=50))
    dates = [episode["release_date"] for episode in episodes]
    assert len(episodes) == show["total_episodes"]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("path", ["albums/{}/tracks", "shows/{}/episodes", "playlists/{}/items"])
def test_an_unknown_id_is_not_found_and_another_text_is_a_bad_request(client: spotipy.Spotify, path: str) -> None:
    assert refusal(client._get, path.format("0" * 22)) == (404, "Resource not found")
    assert refusal(client._get, path.format("short"))[0] == 400
