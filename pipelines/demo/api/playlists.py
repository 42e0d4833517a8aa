"""The listener's playlists and their items."""

from typing import Any

from starlette.requests import Request

from pipelines.demo.api.answers import Refusal
from pipelines.demo.api.paging import offset_page
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.ids import is_id
from pipelines.demo.world.playlist import Entry, Playlist
from pipelines.demo.world.world import World

Json = dict[str, Any]

FURTHEST_OFFSET = 100_000


def playlists(world: World, shapes: Shapes, request: Request) -> Json:
    """The listener's playlists. In development mode those made by Spotify are null, and `total` counts them."""

    def row(playlist: Playlist) -> Json | None:
        if playlist.kind == "spotify" and not shapes.extended:
            return None
        reference = {"href": shapes.url("playlist", playlist.number, "items"), "total": len(playlist.entries)}
        return shapes.person.playlist(playlist, reference if is_readable(playlist, shapes) else None)

    return offset_page(world, request, world.playlists.at(world.now), row, furthest=FURTHEST_OFFSET)


def items(world: World, shapes: Shapes, request: Request, most: int = 50) -> Json:
    """A playlist's items. Without `additional_types` an episode looks like a broken track."""
    found = find(world, request)
    if not is_readable(found, shapes):
        raise Refusal(403, "Forbidden")
    as_episode = "episode" in request.query_params.get("additional_types", "track").split(",")

    def row(entry: Entry) -> Json:
        shape = shapes.person.entry(entry, world.today)
        if entry.kind == "episode" and not as_episode:
            show = shape["item"].pop("show")
            shape["item"] |= {"type": "track", "artists": [], "album": {"name": show["name"], "type": "album"}}
        return shape

    return offset_page(world, request, found.entries, row, most=most)


def find(world: World, request: Request) -> Playlist:
    """The playlist in the path. Raises Refusal 404 for one made by Spotify: those were withdrawn in November 2024."""
    id = request.path_params["id"]
    if not is_id(id):
        raise Refusal(400, "Invalid base62 id")
    number = world.ids.number("playlist", id)
    for found in world.playlists.at(world.now):
        if found.number == number and found.kind != "spotify":
            return found
    raise Refusal(404, "Resource not found")


def is_readable(playlist: Playlist, shapes: Shapes) -> bool:
    """In development mode, only the items of playlists that the listener owns or edits are shown."""
    return shapes.extended or playlist.kind in ("own", "collaborative")
