"""Two routes that development mode lost in February 2026. Extended quota still has them."""

import functools
from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo.api import playlists
from pipelines.demo.api.answers import Refusal
from pipelines.demo.api.endpoints import Endpoint
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.world import World

Read = Callable[[World, Shapes, Request], Any]


def extended(read: Read) -> Read:
    """The route, refused in development mode."""

    def checked(world: World, shapes: Shapes, request: Request) -> Any:
        if not shapes.extended:
            raise Refusal(403, "Forbidden")
        return read(world, shapes, request)

    return checked


ENDPOINTS = (
    Endpoint("/users/{id}/playlists", extended(playlists.playlists)),
    Endpoint("/playlists/{id}/tracks", extended(functools.partial(playlists.items, most=100))),
)
