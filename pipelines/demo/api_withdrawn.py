"""What development mode lost in February 2026; what everybody lost in November 2024."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo import api_catalogue as catalogue
from pipelines.demo import api_library as library
from pipelines.demo import api_playlists as playlists
from pipelines.demo.catalogue import TRACKS_PER_ARTIST
from pipelines.demo.names import GENRES
from pipelines.demo.paging import offset_page
from pipelines.demo.playlists import LISTENER
from pipelines.demo.refusal import Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.shapes_music import MARKETS
from pipelines.demo.shapes_person import NAMES, public_user
from pipelines.demo.world import World

Json = dict[str, Any]
Read = Callable[[World, Shapes, Request], Any]


def several(kind: str, most: int) -> Read:
    """Objects by their ids, null for an id that names nothing."""

    def read(world: World, shapes: Shapes, request: Request) -> Json:
        ids = request.query_params.get("ids", "").split(",")
        if len(ids) > most:
            raise Refusal(400, "Too many ids requested")
        shape = shape_in_batch(kind, shapes)
        numbers = [world.ids.number(kind, id) for id in ids]
        found = [number is not None and catalogue.exists(kind, number, world) for number in numbers]
        return {
            f"{kind}s": [shape(number or 0) if there else None for number, there in zip(numbers, found, strict=True)]
        }

    return read


def shape_in_batch(kind: str, shapes: Shapes) -> Callable[[int], Json]:
    """Shows come without their episodes."""
    return shapes.small_show if kind == "show" else catalogue.shape_of(kind, shapes)


def top_tracks(world: World, shapes: Shapes, request: Request) -> Json:
    """Ten tracks of an artist."""
    first = catalogue.find("artist", request.path_params["id"], world) * TRACKS_PER_ARTIST
    return {"tracks": [shapes.music.track(number) for number in range(first, first + 10)]}


def new_releases(world: World, shapes: Shapes, request: Request) -> Json:
    """A hundred albums."""
    return {"albums": offset_page(world, request, range(100), shapes.music.small_album)}


def category(name: str, shapes: Shapes) -> Json:
    """A category with the name of a genre."""
    id = name.replace(" ", "-")
    return {"href": f"{shapes.world.base_url}/v1/browse/categories/{id}", "icons": [], "id": id, "name": name}


def categories(world: World, shapes: Shapes, request: Request) -> Json:
    """The categories."""
    return {"categories": offset_page(world, request, GENRES, lambda name: category(name, shapes))}


def one_category(world: World, shapes: Shapes, request: Request) -> Json:
    """A category."""
    for name in GENRES:
        if name.replace(" ", "-") == request.path_params["id"]:
            return category(name, shapes)
    raise Refusal(404, "Resource not found")


def markets(world: World, shapes: Shapes, request: Request) -> Json:
    """The markets."""
    return {"markets": MARKETS}


def user(world: World, shapes: Shapes, request: Request) -> Json:
    """A user's public profile."""
    if request.path_params["id"] not in NAMES:
        raise Refusal(404, "Resource not found")
    return public_user(request.path_params["id"])


def user_playlists(world: World, shapes: Shapes, request: Request) -> Json:
    """The listener's playlists under their id."""
    if request.path_params["id"] != LISTENER:
        raise Refusal(404, "Resource not found")
    return playlists.listing(world, shapes, request)


def gone(world: World, shapes: Shapes, request: Request) -> Json:
    """Withdrawn for all."""
    raise Refusal(403, "Forbidden")


LOST_IN_DEVELOPMENT: dict[str, Read] = {
    "/albums": several("album", 20),
    "/artists": several("artist", 50),
    "/tracks": several("track", 50),
    "/shows": several("show", 50),
    "/episodes": several("episode", 50),
    "/audiobooks": several("audiobook", 50),
    "/chapters": several("chapter", 50),
    "/artists/{id}/top-tracks": top_tracks,
    "/browse/new-releases": new_releases,
    "/browse/categories": categories,
    "/browse/categories/{id}": one_category,
    "/markets": markets,
    "/users/{id}": user,
    "/users/{id}/playlists": user_playlists,
    "/playlists/{id}/tracks": playlists.items(100),
    "/playlists/{id}/followers/contains": library.playlist_followed,
    "/me/tracks/contains": library.contains_ids("track"),
    "/me/albums/contains": library.contains_ids("album"),
    "/me/shows/contains": library.contains_ids("show"),
    "/me/episodes/contains": library.contains_ids("episode"),
    "/me/audiobooks/contains": library.contains_ids("audiobook"),
    "/me/following/contains": library.contains_ids("artist"),
}

GONE_FOR_ALL = (
    "/artists/{id}/related-artists",
    "/recommendations",
    "/recommendations/available-genre-seeds",
    "/audio-features",
    "/audio-features/{id}",
    "/audio-analysis/{id}",
    "/browse/featured-playlists",
    "/browse/categories/{id}/playlists",
)
