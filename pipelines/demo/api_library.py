"""Membership tests of the library: by URIs today, by ids of one kind before."""

from collections.abc import Callable

from starlette.requests import Request

from pipelines.demo.refusal import Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.world import World

SHELF_OF = {
    "track": "tracks",
    "album": "albums",
    "show": "shows",
    "episode": "episodes",
    "audiobook": "audiobooks",
    "artist": "artists",
}


def contains(world: World, shapes: Shapes, request: Request) -> list[bool]:
    """Whether each of up to 40 URIs is in the library, in the order of the request."""
    uris = [uri for uri in request.query_params.get("uris", "").split(",") if uri]
    if not 1 <= len(uris) <= 40:
        raise Refusal(400, "Invalid limit")
    return [holds(world, uri) for uri in uris]


def holds(world: World, uri: str) -> bool:
    """Whether a URI is saved or followed; an audiobook goes by `spotify:show:`."""
    kind, _, id = uri.removeprefix("spotify:").partition(":")
    if kind == "playlist":
        number = world.ids.number("playlist", id)
        return any(playlist.number == number for playlist in world.playlists.at(world.now))
    if kind == "user":
        return False
    if kind not in SHELF_OF:
        raise Refusal(400, "Invalid uri")
    return is_saved(world, kind, id) or (kind == "show" and is_saved(world, "audiobook", id))


def is_saved(world: World, kind: str, id: str) -> bool:
    """Whether an id of a kind is on its shelf."""
    number = world.ids.number(kind, id)
    return any(save.item == number for save in world.shelves[SHELF_OF[kind]].at(world.now))


def contains_ids(kind: str) -> Callable[[World, Shapes, Request], list[bool]]:
    """The membership test of one kind, by ids."""

    def read(world: World, shapes: Shapes, request: Request) -> list[bool]:
        ids = request.query_params.get("ids", "").split(",")
        if len(ids) > 50:
            raise Refusal(400, "Too many ids requested")
        return [is_saved(world, kind, id) for id in ids]

    return read


def playlist_followed(world: World, shapes: Shapes, request: Request) -> list[bool]:
    """Whether the listener has a playlist."""
    return [holds(world, f"spotify:playlist:{request.path_params['id']}")]
