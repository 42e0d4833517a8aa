"""The lists that belong to an object of the catalogue: an album's tracks, a show's episodes."""

from typing import Any

from starlette.requests import Request

from pipelines.demo.api.answers import Refusal
from pipelines.demo.api.paging import offset_page
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.ids import is_id
from pipelines.demo.world.spoken import SHOWS
from pipelines.demo.world.world import World

Json = dict[str, Any]


def find(kind: str, request: Request, world: World, count: int) -> int:
    """The number of the object whose id is in the path. `count` is how many of the kind exist.

    Raises Refusal 400 for a text that has not the form of an id, and 404 for an id that names nothing.
    """
    id = request.path_params["id"]
    if not is_id(id):
        raise Refusal(400, "invalid id")
    number = world.ids.number(kind, id)
    if number is None or number >= count:
        raise Refusal(404, "Resource not found")
    return number


def album_tracks(world: World, shapes: Shapes, request: Request) -> Json:
    """The tracks of an album."""
    album = find("album", request, world, world.catalogue.albums)
    return offset_page(world, request, world.catalogue.tracks_of(album), shapes.music.small_track)


def show_episodes(world: World, shapes: Shapes, request: Request) -> Json:
    """The episodes of a show, newest first."""
    show = find("show", request, world, SHOWS)
    numbers = world.spoken.episodes_of(show, world.today)[::-1]
    return offset_page(world, request, numbers, lambda number: shapes.speech.small_episode(number, world.today))
