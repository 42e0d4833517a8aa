"""The player's momentary state, with membership tests of the library."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo.playlists import LISTENER
from pipelines.demo.refusal import Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.world import World

Json = dict[str, Any]

DEVICE = {
    "id": "invented-device",
    "is_active": True,
    "is_private_session": False,
    "is_restricted": False,
    "name": "Kitchen",
    "supports_volume": True,
    "type": "Speaker",
    "volume_percent": 40,
}
SHELF_OF = {
    "track": "tracks",
    "album": "albums",
    "show": "shows",
    "episode": "episodes",
    "audiobook": "audiobooks",
    "artist": "artists",
}


def state(world: World, shapes: Shapes, request: Request) -> Json | None:
    """204 while nothing plays; else the track after the last one heard."""
    if not world.switches.playing:
        return None
    play = shapes.person.play(world.listening.last(world.now, 1)[0])
    return {
        "actions": {"disallows": {"resuming": True}},
        "context": play["context"],
        "currently_playing_type": "track",
        "device": DEVICE,
        "is_playing": True,
        "item": play["track"],
        "progress_ms": 41_000,
        "repeat_state": "off",
        "shuffle_state": False,
        "timestamp": world.now,
    }


def devices(world: World, shapes: Shapes, request: Request) -> Json:
    """One device while something plays."""
    return {"devices": [DEVICE] if world.switches.playing else []}


def queue(world: World, shapes: Shapes, request: Request) -> Json:
    """The queue, empty while nothing plays."""
    if not world.switches.playing:
        return {"currently_playing": None, "queue": []}
    tracks = [shapes.music.track(play.track) for play in world.listening.last(world.now, 5)]
    return {"currently_playing": tracks[0], "queue": tracks[1:]}


def library_contains(world: World, shapes: Shapes, request: Request) -> list[bool]:
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


def old_contains(kind: str) -> Callable[[World, Shapes, Request], list[bool]]:
    """The membership test of one kind, by ids."""

    def read(world: World, shapes: Shapes, request: Request) -> list[bool]:
        ids = request.query_params.get("ids", "").split(",")
        if len(ids) > 50:
            raise Refusal(400, "Too many ids requested")
        return [is_saved(world, kind, id) for id in ids]

    return read


def playlist_followed(world: World, shapes: Shapes, request: Request) -> list[bool]:
    """Whether the listener has a playlist."""
    return [holds(world, f"spotify:playlist:{request.path_params['id']}") for _ in LISTENER[:1]]
