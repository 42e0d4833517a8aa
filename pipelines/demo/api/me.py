"""The lists of the signed-in user."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from pipelines.demo.api.answers import Refusal
from pipelines.demo.api.paging import address, offset_page, whole_number
from pipelines.demo.shapes.person import profile
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.shapes.spoken import unavailable_episode
from pipelines.demo.world.clock import to_the_second
from pipelines.demo.world.library import Save
from pipelines.demo.world.tops import RANGE_DAYS
from pipelines.demo.world.world import World

Json = dict[str, Any]

FURTHEST_FUTURE = 1 << 52
NOTHING = Save(-1, 0)
PLACE_OF_NOTHING = {"albums": 3, "episodes": 2}
"""The positions at which recorded answers had a null saved album and an unavailable saved episode."""


def me(world: World, shapes: Shapes, request: Request) -> Json:
    """The listener's profile."""
    return profile(shapes.extended)


def saved(kind: str) -> Callable[[World, Shapes, Request], Json]:
    """A saved list, newest first. Albums are not quite in that order, as in recorded answers."""

    def page(world: World, shapes: Shapes, request: Request) -> Json:
        rows = with_oddity(kind, world.shelves[kind].at(world.now))
        return offset_page(world, request, rows, lambda row: saved_row(kind, row, shapes))

    return page


def with_oddity(kind: str, rows: list[Save]) -> list[Save]:
    """Insert the null or unavailable element. `total` counts it."""
    place = PLACE_OF_NOTHING.get(kind)
    return rows if place is None else [*rows[:place], NOTHING, *rows[place:]]


def saved_row(kind: str, row: Save, shapes: Shapes) -> Json | None:
    """A row of a saved list. The row of an audiobook is the audiobook itself, without `added_at`."""
    added_at = to_the_second(row.added_at)
    match kind:
        case "tracks":
            return {"added_at": added_at, "track": shapes.music.track(row.item)}
        case "albums":
            return None if row is NOTHING else {"added_at": added_at, "album": shapes.album(row.item)}
        case "shows":
            return {"added_at": added_at, "show": shapes.show(row.item)}
        case "episodes":
            lost = row is NOTHING
            episode = unavailable_episode() if lost else shapes.episode(row.item)
            return {"added_at": "2024-06-07T15:08:30Z" if lost else added_at, "episode": episode}
        case _:
            return shapes.speech.audiobook(row.item)


def following(world: World, shapes: Shapes, request: Request) -> Json:
    """The followed artists. Their pages are read by cursor, forwards only."""
    if request.query_params.get("type") != "artist":
        raise Refusal(400, "Invalid type")
    limit = whole_number(request, "limit", 20, 1, 50)
    artists = [save.item for save in world.shelves["artists"].at(world.now)]
    after = world.ids.number("artist", request.query_params.get("after", ""))
    start = artists.index(after) + 1 if after in artists else 0
    shown = artists[start : start + limit]
    last = world.ids.of("artist", shown[-1]) if shown and start + limit < len(artists) else None
    return {
        "artists": {
            "cursors": {"after": last},
            "href": address(world, request, limit=limit),
            "items": [shapes.music.artist(artist) for artist in shown],
            "limit": limit,
            "next": address(world, request, after=last, limit=limit) if last else None,
            "total": len(artists),
        }
    }


def top(kind: str) -> Callable[[World, Shapes, Request], Json]:
    """A top list. A row's place is its rank."""

    def page(world: World, shapes: Shapes, request: Request) -> Json:
        time_range = request.query_params.get("time_range", "medium_term")
        if time_range not in RANGE_DAYS:
            raise Refusal(400, "Invalid time range")
        ranking = world.tops.ranking(kind, time_range, world.today)
        return offset_page(world, request, ranking, shapes.music.artist if kind == "artists" else shapes.music.track)

    return page


def recently_played(world: World, shapes: Shapes, request: Request) -> Json:
    """The last 50 plays. Cursors are exclusive and in milliseconds; an empty page has none."""
    if "after" in request.query_params and "before" in request.query_params:
        raise Refusal(400, "Only one of before or after can be specified")
    limit = whole_number(request, "limit", 20, 1, 50)
    after = whole_number(request, "after", -1, 0, FURTHEST_FUTURE)
    before = whole_number(request, "before", FURTHEST_FUTURE, 0, FURTHEST_FUTURE)
    window = world.history.last(world.now, 50)
    plays = [play for play in window if after < play.ended_at < before][:limit]
    earlier = bool(plays) and plays[-1] is not window[-1]
    oldest = str(plays[-1].ended_at) if plays else ""
    return {
        "cursors": {"after": str(plays[0].ended_at), "before": oldest} if plays else None,
        "href": address(world, request, limit=limit),
        "items": [shapes.person.play(play) for play in plays],
        "limit": limit,
        "next": address(world, request, before=oldest, limit=limit) if earlier else None,
    }
