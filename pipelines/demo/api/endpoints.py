"""The routes: one line for each."""

from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.requests import Request

from pipelines.demo.api import catalogue, me, playlists
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.world import World


class Endpoint(NamedTuple):
    """`path` is below /v1. `read` builds the answer. The token needs all `scopes`."""

    path: str
    read: Callable[[World, Shapes, Request], Any]
    scopes: tuple[str, ...] = ()


LIBRARY = ("user-library-read",)
POSITION = ("user-read-playback-position",)
PLAYLISTS = ("playlist-read-private",)

ENDPOINTS = (
    Endpoint("/me", me.me),
    Endpoint("/me/tracks", me.saved("tracks"), LIBRARY),
    Endpoint("/me/albums", me.saved("albums"), LIBRARY),
    Endpoint("/me/shows", me.saved("shows"), LIBRARY),
    Endpoint("/me/episodes", me.saved("episodes"), LIBRARY + POSITION),
    Endpoint("/me/audiobooks", me.saved("audiobooks"), LIBRARY),
    Endpoint("/me/playlists", playlists.playlists, PLAYLISTS),
    Endpoint("/me/following", me.following, ("user-follow-read",)),
    Endpoint("/me/top/artists", me.top("artists"), ("user-top-read",)),
    Endpoint("/me/top/tracks", me.top("tracks"), ("user-top-read",)),
    Endpoint("/me/player/recently-played", me.recently_played, ("user-read-recently-played",)),
    Endpoint("/playlists/{id}/items", playlists.items, PLAYLISTS),
    Endpoint("/albums/{id}/tracks", catalogue.album_tracks),
    Endpoint("/shows/{id}/episodes", catalogue.show_episodes, POSITION),
)
