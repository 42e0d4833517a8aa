"""The catalogue: single objects, their listings, search."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo.catalogue import ALBUMS_PER_ARTIST
from pipelines.demo.chance import chance, skewed
from pipelines.demo.ids import is_id
from pipelines.demo.paging import offset_page, whole_number
from pipelines.demo.refusal import Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.spoken import AUDIOBOOKS, CHAPTERS_PER_BOOK, EPISODES_PER_SHOW, SHOWS
from pipelines.demo.world import World

Json = dict[str, Any]
Read = Callable[[World, Shapes, Request], Any]

FURTHEST_SEARCH_OFFSET = 1000
SEARCH_RESULTS = 900


def shape_of(kind: str, shapes: Shapes) -> Callable[[int], Json]:
    """Builds whole objects of a kind."""
    return {
        "album": shapes.album,
        "artist": shapes.music.artist,
        "track": shapes.music.track,
        "show": shapes.show,
        "episode": shapes.episode,
        "audiobook": shapes.audiobook,
        "chapter": shapes.speech.chapter,
    }[kind]


def exists(kind: str, number: int, world: World) -> bool:
    """Whether the catalogue reaches so far."""
    match kind:
        case "episode":
            show = number // EPISODES_PER_SHOW
            return show < SHOWS and number in world.spoken.episodes_of(show, world.today)
        case "chapter":
            book = number // CHAPTERS_PER_BOOK
            return book < AUDIOBOOKS and number in world.spoken.chapters_of(book)
        case "show":
            return number < SHOWS
        case "audiobook":
            return number < AUDIOBOOKS
        case _:
            return (
                number
                < {
                    "artist": world.catalogue.artists,
                    "album": world.catalogue.albums,
                    "track": world.catalogue.tracks,
                }[kind]
            )


def find(kind: str, id: str, world: World) -> int:
    """The number behind an id: 400 for what is none, 404 for what names nothing."""
    if not is_id(id):
        raise Refusal(400, "invalid id")
    number = world.ids.number(kind, id)
    if number is None or not exists(kind, number, world):
        raise Refusal(404, "Resource not found")
    return number


def one(kind: str) -> Read:
    """An object by its id."""

    def read(world: World, shapes: Shapes, request: Request) -> Json:
        return shape_of(kind, shapes)(find(kind, request.path_params["id"], world))

    return read


def album_tracks(world: World, shapes: Shapes, request: Request) -> Json:
    """The tracks of an album."""
    album = find("album", request.path_params["id"], world)
    return offset_page(world, request, world.catalogue.tracks_of(album), shapes.music.small_track)


def artist_albums(world: World, shapes: Shapes, request: Request) -> Json:
    """The albums of an artist: 5 a page, 10 at most; 50 with extended quota."""
    artist = find("artist", request.path_params["id"], world)
    groups = set(request.query_params.get("include_groups", "album,single,appears_on,compilation").split(","))
    own = range(artist * ALBUMS_PER_ARTIST, (artist + 1) * ALBUMS_PER_ARTIST)
    albums = [album for album in own if world.catalogue.album(album).kind in groups]

    def shape(album: int) -> Json:
        row = shapes.music.small_album(album)
        return row | ({"album_group": row["album_type"]} if shapes.extended else {})

    return offset_page(world, request, albums, shape, default=5, most=50 if shapes.extended else 10)


def show_episodes(world: World, shapes: Shapes, request: Request) -> Json:
    """The episodes of a show, newest first."""
    show = find("show", request.path_params["id"], world)
    numbers = world.spoken.episodes_of(show, world.today)[::-1]
    return offset_page(world, request, numbers, lambda number: shapes.speech.small_episode(number, world.today))


def chapters(world: World, shapes: Shapes, request: Request) -> Json:
    """The chapters of an audiobook."""
    book = find("audiobook", request.path_params["id"], world)
    return offset_page(world, request, world.spoken.chapters_of(book), shapes.speech.small_chapter)


def search(world: World, shapes: Shapes, request: Request) -> Json:
    """Something for every query: 5 a page, 10 at most, none beyond offset 1000."""
    query = request.query_params.get("q", "")
    if not query:
        raise Refusal(400, "No search query")
    whole_number(request, "offset", 0, 0, FURTHEST_SEARCH_OFFSET)
    counts = {"album": world.catalogue.albums, "artist": world.catalogue.artists, "track": world.catalogue.tracks}
    counts |= {"show": SHOWS, "audiobook": AUDIOBOOKS}
    answer: Json = {}
    for kind in request.query_params.get("type", "").split(","):
        if kind not in counts:
            raise Refusal(400, "Bad search type field")
        draw = chance(world.options.seed, "search", query, kind)
        wanted = min(counts[kind], SEARCH_RESULTS)
        found = list(dict.fromkeys(skewed(draw, counts[kind], 2) for _ in range(wanted)))
        page = offset_page(world, request, found, small_shape_of(kind, shapes), default=5, most=10)
        answer[f"{kind}s"] = page
    return answer


def small_shape_of(kind: str, shapes: Shapes) -> Callable[[int], Json]:
    """Builds objects of a kind as listings show them."""
    small = {
        "album": shapes.music.small_album,
        "show": shapes.small_show,
        "audiobook": shapes.speech.audiobook,
    }
    return small.get(kind) or shape_of(kind, shapes)
