"""The answers follow the published description of the Web API, a file that the variable SPOTIFY_OPENAPI names.

The description is stricter than the Web API. The exceptions below are those that recorded answers show.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import spotipy
import yaml
from jsonschema import Draft4Validator

from pipelines.demo.api.endpoints import ENDPOINTS
from tests.simulators.spotify.client import Json, spotify
from tests.simulators.spotify.demo_server import DemoServer
from tests.simulators.spotify.withdrawn import ENDPOINTS as WITHDRAWN

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
    "/playlists/{playlist_id}/items": "playlists/{playlist}/items?additional_types=track,episode",
    "/albums/{id}/tracks": "albums/{album}/tracks",
    "/shows/{id}/episodes": "shows/{show}/episodes",
}
EXTENDED_PATHS = {
    "/users/{user_id}/playlists": "users/demo_listener/playlists",
    "/playlists/{playlist_id}/tracks": "playlists/{playlist}/tracks?additional_types=track,episode",
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
    """An OpenAPI 3.0 schema as JSON Schema, with the exceptions above."""
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
    """An answer without nulls, local files and the unavailable episode, which the description does not allow."""
    if isinstance(value, list):
        return [ordinary(one) for one in value if one is not None and not lost(one)]
    return {key: ordinary(one) for key, one in value.items()} if isinstance(value, dict) else value


def lost(row: Any) -> bool:
    """Whether a row is a local file or the unavailable episode."""
    if not isinstance(row, dict):
        return False
    return row.get("is_local") is True or ("episode" in row and row["episode"] and row["episode"]["id"] is None)


def ids(client: spotipy.Spotify) -> dict[str, str]:
    """The ids that are part of paths."""
    track = client.current_user_saved_tracks(limit=1)["items"][0]["track"]
    return {
        "album": track["album"]["id"],
        "playlist": client.current_user_playlists()["items"][0]["id"],
        "show": client.current_user_saved_shows(limit=1)["items"][0]["show"]["id"],
    }


@pytest.mark.parametrize("mode", ["development", "extended"])
def test_answers_are_what_the_published_description_says(
    description: Json, demo_servers: Callable[..., DemoServer], mode: str
) -> None:
    demo_server = demo_servers(mode=mode)
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
    # The description expects other rows here than recorded answers have.
    components = as_json_schema(description["components"], "development")
    where = "#/components/schemas/SimplifiedAudiobookObject"
    validator = Draft4Validator({"allOf": [{"$ref": where}], "components": components})
    rows = client._get("me/audiobooks")["items"]
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []


def test_every_route_is_in_the_published_description(description: Json) -> None:
    def without_names(paths: Iterable[str]) -> set[str]:
        return {re.sub(r"{\w+}", "{}", path) for path in paths}

    routes = without_names(endpoint.path for endpoint in (*ENDPOINTS, *WITHDRAWN))
    assert routes <= without_names(description["paths"])
    assert routes - {"/me/audiobooks"} == without_names(PATHS | EXTENDED_PATHS)
