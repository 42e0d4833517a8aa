"""The player's momentary state."""

from typing import Any

from starlette.requests import Request

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
