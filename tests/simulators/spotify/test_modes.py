"""What either mode shows, what it has lost."""

from collections.abc import Callable
from typing import Any

import spotipy

from tests.simulators.spotify.client import Json, refusal, spotify
from tests.simulators.spotify.demo_server import DemoServer

GONE_IN_DEVELOPMENT = (
    "albums artists tracks shows episodes audiobooks chapters artists/{artist}/top-tracks browse/new-releases "
    "browse/categories markets users/demo_listener users/demo_listener/playlists playlists/{playlist}/tracks "
    "me/tracks/contains me/albums/contains me/shows/contains me/episodes/contains me/audiobooks/contains "
    "me/following/contains playlists/{playlist}/followers/contains"
).split()
GONE_FOR_ALL = (
    "artists/{artist}/related-artists recommendations recommendations/available-genre-seeds audio-features "
    "audio-features/{artist} audio-analysis/{artist} browse/featured-playlists browse/categories/x/playlists"
).split()
KEYS_LOST = {
    "available_markets",
    "linked_from",
    "popularity",
    "label",
    "publisher",
    "followers",
    "album_group",
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
        "playlist": client.playlist(playlist["id"], additional_types=("track", "episode")),
        "items": client.playlist_items(playlist["id"], limit=50),
        "plays": client.current_user_recently_played(),
    }


def keys_of(value: Any) -> set[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def addresses(client: spotipy.Spotify, paths: list[str]) -> list[str]:
    """Paths with the ids of something that exists."""
    artist = client.current_user_followed_artists()["artists"]["items"][0]["id"]
    playlist = client.current_user_playlists()["items"][0]["id"]
    return [path.format(artist=artist, playlist=playlist) for path in paths]


def test_development_mode_is_the_default_until_extended_quota_is_switched_on(demo_server: DemoServer) -> None:
    client = spotify(demo_server)
    assert "product" not in client.me()
    demo_server.switch(mode="extended")
    assert client.me()["product"] == "premium"
    demo_server.switch(mode="development")
    assert "product" not in client.me()


def test_development_mode_forbids_withdrawn_endpoints(client: spotipy.Spotify) -> None:
    answers = {
        path: refusal(client._get, path, ids="x") for path in addresses(client, GONE_IN_DEVELOPMENT + GONE_FOR_ALL)
    }
    assert set(answers.values()) == {(403, "Forbidden")}


def test_development_mode_lacks_the_removed_keys(client: spotipy.Spotify) -> None:
    listed = everything_listed(client)
    tracks = listed["track"] | {"items": [row["track"] for row in listed["track"]["items"]]}
    plays = [row["track"] for row in listed["plays"]["items"]]
    episodes_apart = {name: body for name, body in listed.items() if name not in ("track", "plays")}
    assert not KEYS_LOST & keys_of([tracks, plays, episodes_apart])
    assert not {"country", "email", "explicit_content", "product"} & set(listed["me"])
    assert "items" in listed["playlist"]
    assert "tracks" not in listed["playlist"]
    assert all("items" in row and "tracks" not in row for row in listed["playlists"]["items"][:3])


def test_extended_quota_shows_old_names_beside_new_ones(demo_servers: Callable[..., DemoServer]) -> None:
    listed = everything_listed(spotify(demo_servers(mode="extended")))
    assert keys_of(listed) >= KEYS_LOST - {"album_group"}
    assert listed["playlist"]["items"] == listed["playlist"]["tracks"]
    assert listed["playlists"]["items"][0]["items"] == listed["playlists"]["items"][0]["tracks"]
    entry = listed["items"]["items"][0]
    assert entry["item"] == entry["track"]
    assert (entry["item"]["track"], entry["item"]["episode"]) == (True, False)
    assert listed["me"]["explicit_content"] == {"filter_enabled": False, "filter_locked": False}


def test_extended_quota_answers_withdrawn_endpoints_but_those_of_november_2024(
    demo_servers: Callable[..., DemoServer],
) -> None:
    client = spotify(demo_servers(mode="extended"))
    for path in addresses(client, GONE_IN_DEVELOPMENT):
        assert client._get(path, ids="x") is not None, path
    answers = {refusal(client._get, path) for path in addresses(client, GONE_FOR_ALL)}
    assert answers == {(403, "Forbidden")}
    tracks = [row["track"] for row in client.current_user_saved_tracks(limit=3)["items"]]
    batch = client._get("tracks", ids=",".join([*(track["id"] for track in tracks), "0" * 22]))
    assert batch["tracks"] == [*tracks, None]
