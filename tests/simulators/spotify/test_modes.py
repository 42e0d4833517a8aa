"""Development mode and extended quota: routes and keys."""

from collections.abc import Callable
from typing import Any

import pytest
import spotipy

from tests.simulators.spotify.client import Json, refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer

KEYS_LOST = {
    "available_markets",
    "linked_from",
    "popularity",
    "label",
    "publisher",
    "followers",
    "track",
}


def everything_listed(client: spotipy.Spotify) -> Json:
    """A page of each kind of object."""
    playlist = client.current_user_playlists()["items"][0]
    return {
        "me": client.me(),
        "track": client.current_user_saved_tracks(limit=50),
        "album": client.current_user_saved_albums(),
        "show": client.current_user_saved_shows(),
        "episode": client.current_user_saved_episodes(),
        "audiobook": client._get("me/audiobooks"),
        "artist": client.current_user_followed_artists(),
        "playlists": client.current_user_playlists(),
        "items": client.playlist_items(playlist["id"], limit=50),
        "plays": client.current_user_recently_played(),
    }


def keys_of(value: Any) -> set[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_development_mode_is_the_default_until_extended_quota_is_switched_on(demo_server: DemoServer) -> None:
    client = spotify(demo_server)
    assert "product" not in client.me()
    demo_server.switch(mode="extended")
    assert client.me()["product"] == "premium"
    demo_server.switch(mode="development")
    assert "product" not in client.me()


@pytest.mark.parametrize("path", ["users/demo_listener/playlists", "playlists/{playlist}/tracks"])
def test_a_withdrawn_route_is_forbidden_in_development_mode_alone(
    demo_server: DemoServer, client: spotipy.Spotify, path: str
) -> None:
    path = path.format(playlist=client.current_user_playlists()["items"][0]["id"])
    assert refusal(client._get, path) == (403, "Forbidden")
    demo_server.switch(mode="extended")
    assert client._get(path)["items"]


def test_development_mode_lacks_the_removed_keys(client: spotipy.Spotify) -> None:
    listed = everything_listed(client)
    tracks = listed["track"] | {"items": [row["track"] for row in listed["track"]["items"]]}
    plays = [row["track"] for row in listed["plays"]["items"]]
    episodes_apart = {name: body for name, body in listed.items() if name not in ("track", "plays")}
    assert not KEYS_LOST & keys_of([tracks, plays, episodes_apart])
    assert not {"country", "email", "explicit_content", "product"} & set(listed["me"])
    assert all("items" in row and "tracks" not in row for row in listed["playlists"]["items"][:3])


def test_extended_quota_shows_old_keys_beside_new_ones(demo_servers: Callable[..., DemoServer]) -> None:
    listed = everything_listed(spotify(demo_servers(mode="extended")))
    assert keys_of(listed) >= KEYS_LOST
    assert listed["playlists"]["items"][0]["items"] == listed["playlists"]["items"][0]["tracks"]
    entry = listed["items"]["items"][0]
    assert entry["item"] == entry["track"]
    assert (entry["item"]["track"], entry["item"]["episode"]) == (True, False)
    assert listed["me"]["explicit_content"] == {"filter_enabled": False, "filter_locked": False}
