"""The answers against the published description of the Web API, a file that SPOTIFY_OPENAPI names.

The description is stricter than the Web API itself. What recorded answers break of it is taken out by name below.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import spotipy
import yaml
from jsonschema import Draft4Validator

from tests.simulators.spotify.client import Json, spotify
from tests.simulators.spotify.demo_server import DemoServer

REMOVED_IN_DEVELOPMENT = {"available_markets", "popularity", "label", "followers", "publisher", "album_group"}
NULL_IN_RECORDED_ANSWERS = {
    "added_at",
    "added_by",
    "after",
    "context",
    "cursors",
    "images",
    "item",
    "next",
    "public",
    "track",
}

PATHS = {
    "/me": "me",
    "/me/tracks": "me/tracks",
    "/me/albums": "me/albums",
    "/me/shows": "me/shows",
    "/me/episodes": "me/episodes",
    "/me/playlists": "me/playlists",
    "/me/following": "me/following?type=artist",
    "/me/top/artists": "me/top/artists",
    "/me/top/tracks": "me/top/tracks",
    "/me/player/recently-played": "me/player/recently-played",
    "/playlists/{playlist_id}": "playlists/{playlist}?additional_types=track,episode",
    "/playlists/{playlist_id}/items": "playlists/{playlist}/items?additional_types=track,episode",
    "/playlists/{playlist_id}/images": "playlists/{playlist}/images",
    "/albums/{id}": "albums/{album}",
    "/albums/{id}/tracks": "albums/{album}/tracks",
    "/artists/{id}": "artists/{artist}",
    "/artists/{id}/albums": "artists/{artist}/albums",
    "/tracks/{id}": "tracks/{track}",
    "/shows/{id}": "shows/{show}",
    "/shows/{id}/episodes": "shows/{show}/episodes",
    "/episodes/{id}": "episodes/{episode}",
    "/audiobooks/{id}": "audiobooks/{audiobook}",
    "/audiobooks/{id}/chapters": "audiobooks/{audiobook}/chapters",
    "/chapters/{id}": "chapters/{chapter}",
    "/search": "search?q=moss&type=album,artist,track,show,audiobook",
    "/me/library/contains": "me/library/contains?uris=spotify:track:{track}",
    "/me/player": "me/player",
    "/me/player/devices": "me/player/devices",
    "/me/player/queue": "me/player/queue",
}
EXTENDED_PATHS = {
    "/albums": "albums?ids={album}",
    "/artists": "artists?ids={artist}",
    "/tracks": "tracks?ids={track}",
    "/shows": "shows?ids={show}",
    "/episodes": "episodes?ids={episode}",
    "/artists/{id}/top-tracks": "artists/{artist}/top-tracks",
    "/browse/new-releases": "browse/new-releases",
    "/browse/categories": "browse/categories",
    "/markets": "markets",
    "/users/{user_id}": "users/demo_listener",
    "/users/{user_id}/playlists": "users/demo_listener/playlists",
    "/playlists/{playlist_id}/tracks": "playlists/{playlist}/tracks?additional_types=track,episode",
    "/me/tracks/contains": "me/tracks/contains?ids={track}",
}


@pytest.fixture(scope="module")
def description() -> Json:
    path = os.environ.get("SPOTIFY_OPENAPI")
    if not path:
        pytest.skip("SPOTIFY_OPENAPI names no description of the Web API")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parsed: Json = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=loader)
    return parsed


def as_json_schema(node: Any, mode: str) -> Any:
    """OpenAPI 3.0 as JSON Schema, with the exceptions above."""
    if isinstance(node, list):
        return [as_json_schema(one, mode) for one in node]
    if not isinstance(node, dict):
        return node
    schema = {key: as_json_schema(value, mode) for key, value in node.items()}
    if isinstance(schema.get("properties"), dict):
        for key in NULL_IN_RECORDED_ANSWERS & set(schema["properties"]):
            schema["properties"][key] = {"anyOf": [schema["properties"][key], {"type": "null"}]}
    if mode == "development" and isinstance(schema.get("required"), list):
        schema["required"] = [key for key in schema["required"] if key not in REMOVED_IN_DEVELOPMENT]
    return {"anyOf": [schema, {"type": "null"}]} if schema.get("nullable") is True else schema


def ordinary(value: Any) -> Any:
    """An answer without null elements, local files, the unavailable episode: real, but against the description."""
    if isinstance(value, list):
        return [ordinary(one) for one in value if one is not None and not lost(one)]
    return {key: ordinary(one) for key, one in value.items()} if isinstance(value, dict) else value


def lost(row: Any) -> bool:
    """Whether a row stands for nothing that the catalogue offers."""
    if not isinstance(row, dict):
        return False
    return row.get("is_local") is True or ("episode" in row and row["episode"] and row["episode"]["id"] is None)


def ids(client: spotipy.Spotify) -> dict[str, str]:
    """The id of one thing of each kind."""
    track = client.current_user_saved_tracks(limit=1)["items"][0]["track"]
    show = client.current_user_saved_shows(limit=1)["items"][0]["show"]["id"]
    book = client._get("me/audiobooks")["items"][0]["id"]
    return {
        "track": track["id"],
        "album": track["album"]["id"],
        "artist": track["artists"][0]["id"],
        "playlist": client.current_user_playlists()["items"][0]["id"],
        "show": show,
        "episode": client.show_episodes(show)["items"][0]["id"],
        "audiobook": book,
        "chapter": client.get_audiobook_chapters(book)["items"][0]["id"],
    }


def get(demo_server: DemoServer, path: str) -> requests.Response:
    """An answer as it came."""
    headers = {"Authorization": f"Bearer {demo_server.access_token()}"}
    return requests.get(f"{demo_server.api_url}{path}", headers=headers, timeout=5)


@pytest.mark.parametrize("mode", ["development", "extended"])
def test_answers_are_what_the_published_description_says(
    description: Json, demo_servers: Callable[..., DemoServer], mode: str
) -> None:
    demo_server = demo_servers(mode=mode)
    demo_server.switch(playing=True)
    client = spotify(demo_server)
    known = ids(client)
    components = as_json_schema(description["components"], mode)
    for path, address in (PATHS if mode == "development" else PATHS | EXTENDED_PATHS).items():
        answer = ordinary(client._get(address.format(**known)))
        response = description["paths"][path]["get"]["responses"]["200"]
        where = f"{response['$ref']}/content/application~1json/schema"
        validator = Draft4Validator({"allOf": [{"$ref": where}], "components": components})
        mistakes = [f"{path}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer)]
        assert mistakes == []


def test_saved_audiobooks_are_audiobooks_themselves(description: Json, client: spotipy.Spotify) -> None:
    components = as_json_schema(description["components"], "development")
    where = "#/components/schemas/SimplifiedAudiobookObject"
    validator = Draft4Validator({"allOf": [{"$ref": where}], "components": components})
    rows = client._get("me/audiobooks")["items"]
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []


def test_every_endpoint_that_reads_is_in_the_published_description(description: Json, demo_server: DemoServer) -> None:
    client = spotify(demo_server)
    known = ids(client) | {"id": ids(client)["artist"], "playlist_id": ids(client)["playlist"], "user_id": "x"}
    reading = [path for path, operations in description["paths"].items() if "get" in operations]
    for path in reading:
        answer = get(demo_server, path.format(**known | {"category_id": "x"}))
        assert "Service not found" not in answer.text, path
