"""The Web API's menu: one line an endpoint; what to read, who may."""

from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.requests import Request

from pipelines.demo import api_catalogue as catalogue
from pipelines.demo import api_library as library
from pipelines.demo import api_me as me
from pipelines.demo import api_player as player
from pipelines.demo import api_playlists as playlists
from pipelines.demo import api_withdrawn as withdrawn
from pipelines.demo.access import Rule
from pipelines.demo.shapes import Shapes
from pipelines.demo.world import World


class Endpoint(NamedTuple):
    """`path` below /v1; `read` builds the answer, None for 204."""

    path: str
    read: Callable[[World, Shapes, Request], Any]
    rule: Rule = Rule()


def user(*scopes: str) -> Rule:
    """For users alone."""
    return Rule(scopes, user=True)


LIBRARY = user("user-library-read")
POSITION = Rule(("user-read-playback-position",))
PRIVATE_LISTS = Rule(("playlist-read-private",))
STATE = user("user-read-playback-state")

ENDPOINTS = (
    Endpoint("/me", me.me, user()),
    Endpoint("/me/tracks", me.saved("tracks"), LIBRARY),
    Endpoint("/me/albums", me.saved("albums"), LIBRARY),
    Endpoint("/me/shows", me.saved("shows"), LIBRARY),
    Endpoint("/me/episodes", me.saved("episodes"), user("user-library-read", "user-read-playback-position")),
    Endpoint("/me/audiobooks", me.saved("audiobooks"), LIBRARY),
    Endpoint("/me/playlists", playlists.listing, user("playlist-read-private")),
    Endpoint("/me/following", me.following, user("user-follow-read")),
    Endpoint("/me/top/artists", me.top("artists"), user("user-top-read")),
    Endpoint("/me/top/tracks", me.top("tracks"), user("user-top-read")),
    Endpoint("/me/player/recently-played", me.recently_played, user("user-read-recently-played")),
    Endpoint("/me/player", player.state, STATE),
    Endpoint("/me/player/devices", player.devices, STATE),
    Endpoint("/me/player/currently-playing", player.state, user("user-read-currently-playing")),
    Endpoint("/me/player/queue", player.queue, user("user-read-playback-state", "user-read-currently-playing")),
    Endpoint("/me/library/contains", library.contains, LIBRARY),
    Endpoint("/playlists/{id}", playlists.playlist, Rule()),
    Endpoint("/playlists/{id}/items", playlists.items(50), PRIVATE_LISTS),
    Endpoint("/playlists/{id}/images", playlists.cover, Rule()),
    Endpoint("/albums/{id}", catalogue.one("album")),
    Endpoint("/albums/{id}/tracks", catalogue.album_tracks),
    Endpoint("/artists/{id}", catalogue.one("artist")),
    Endpoint("/artists/{id}/albums", catalogue.artist_albums),
    Endpoint("/tracks/{id}", catalogue.one("track")),
    Endpoint("/shows/{id}", catalogue.one("show"), POSITION),
    Endpoint("/shows/{id}/episodes", catalogue.show_episodes, POSITION),
    Endpoint("/episodes/{id}", catalogue.one("episode"), POSITION),
    Endpoint("/audiobooks/{id}", catalogue.one("audiobook")),
    Endpoint("/audiobooks/{id}/chapters", catalogue.chapters),
    Endpoint("/chapters/{id}", catalogue.one("chapter")),
    Endpoint("/search", catalogue.search),
    *(Endpoint(path, read, Rule(extended=True)) for path, read in withdrawn.LOST_IN_DEVELOPMENT.items()),
    *(Endpoint(path, withdrawn.gone) for path in withdrawn.GONE_FOR_ALL),
)
