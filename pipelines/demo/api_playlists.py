"""The playlists: whoever neither owns nor edits one sees its name alone, unless the app has extended quota."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo import fields
from pipelines.demo.ids import is_id
from pipelines.demo.paging import first_page, offset_page
from pipelines.demo.playlist import Entry, Playlist
from pipelines.demo.playlists import LISTENER
from pipelines.demo.refusal import Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.shapes_music import images
from pipelines.demo.world import World

Json = dict[str, Any]

FURTHEST_OFFSET = 100_000


def listing(world: World, shapes: Shapes, request: Request) -> Json:
    """The user's playlists; in development mode Spotify's own are null elements that `total` counts."""

    def row(playlist: Playlist) -> Json | None:
        if playlist.kind == "spotify" and not shapes.extended:
            return None
        reference = {"href": shapes.url("playlist", playlist.number, "items"), "total": len(playlist.entries)}
        return shapes.person.playlist(playlist, reference if readable(playlist, shapes) else None)

    path = f"/v1/users/{LISTENER}/playlists" if world.switches.users_path_in_next else ""
    return offset_page(world, request, world.playlists.at(world.now), row, path=path, furthest=FURTHEST_OFFSET)


def playlist(world: World, shapes: Shapes, request: Request) -> Any:
    """A playlist with its first 100 items, where they are readable."""
    found = find(world, request)
    page = None
    if readable(found, shapes):
        shape = entry_shape(world, shapes, request)
        rows = [shape(entry) for entry in found.entries[:100]]
        page = first_page(shapes.url("playlist", found.number, "items"), rows, 100) | {"total": len(found.entries)}
    return filtered(request, shapes.person.playlist(found, page) | followers(shapes))


def items(most: int) -> Callable[[World, Shapes, Request], Any]:
    """A playlist's items, at /items or at the old path, which gave up to 100 of them."""

    def page(world: World, shapes: Shapes, request: Request) -> Any:
        found = find(world, request)
        if not readable(found, shapes):
            raise Refusal(403, "Forbidden")
        return filtered(
            request, offset_page(world, request, found.entries, entry_shape(world, shapes, request), most=most)
        )

    return page


def cover(world: World, shapes: Shapes, request: Request) -> Any:
    """A playlist's cover."""
    found = find(world, request)
    return images("playlist", world.ids.of("playlist", found.number))[:1] if found.entries else []


def find(world: World, request: Request) -> Playlist:
    """The playlist that the path names; 404 for those made by Spotify, which were withdrawn in November 2024."""
    id = request.path_params["id"]
    if not is_id(id):
        raise Refusal(400, "Invalid base62 id")
    number = world.ids.number("playlist", id)
    for found in world.playlists.at(world.now):
        if found.number == number and found.kind != "spotify":
            return found
    raise Refusal(404, "Resource not found")


def readable(playlist: Playlist, shapes: Shapes) -> bool:
    """Whether the contents are shown."""
    return shapes.extended or playlist.kind in ("own", "collaborative")


def followers(shapes: Shapes) -> Json:
    """A key that development mode has lost."""
    return {"followers": {"href": None, "total": 1}} if shapes.extended else {}


def filtered(request: Request, body: Json) -> Any:
    """The answer as the `fields` parameter wants it."""
    wanted = request.query_params.get("fields")
    return fields.parse(wanted).of(body) if wanted else body


def entry_shape(world: World, shapes: Shapes, request: Request) -> Callable[[Entry], Json]:
    """Builds an entry; without `additional_types` an episode looks like a track that is broken."""
    as_episode = "episode" in request.query_params.get("additional_types", "track").split(",")

    def shape(entry: Entry) -> Json:
        row = shapes.person.entry(entry, world.today)
        if entry.kind == "episode" and not as_episode:
            show = row["item"].pop("show")
            row["item"] |= {"type": "track", "artists": [], "album": {"name": show["name"], "type": "album"}}
        return row

    return shape
