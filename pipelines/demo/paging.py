"""Pages: by offset with `total`, or by cursor without."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from pipelines.demo.refusal import Refusal
from pipelines.demo.world import World

Json = dict[str, Any]
Row = TypeVar("Row")

HIDDEN_EVERY = 30
"""With `short_pages`, one hidden row after so many shown ones: counted in `total`, in no page."""


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A parameter as a number; 400 `Invalid limit` and the like for anything else."""
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        raise Refusal(400, f"Invalid {name}") from None
    if not least <= number <= most:
        raise Refusal(400, f"Invalid {name}")
    return number


def address(world: World, path: str, request: Request, **place: object) -> str:
    """An address on this server's own host: the request's parameters, at another place."""
    given = {
        key: value for key, value in request.query_params.items() if key not in ("limit", "offset", "after", "before")
    }
    return f"{world.base_url}{path}?{urlencode(place | given)}"


def offset_page(
    world: World,
    request: Request,
    rows: Sequence[Row],
    shape: Callable[[Row], Any],
    *,
    path: str = "",
    default: int = 20,
    most: int = 50,
    furthest: int = 100_000_000,
) -> Json:
    """The page of `rows` that a request asks for; only its own rows are shaped."""
    limit = whole_number(request, "limit", default, 1, most)
    offset = whole_number(request, "offset", 0, 0, furthest)
    path = path or request.url.path.rstrip("/")
    shown: Sequence[Row]
    if world.switches.short_pages:
        shown, total = with_hidden(rows, offset, limit)
    else:
        shown, total = rows[offset : offset + limit], len(rows)
    return {
        "href": address(world, path, request, offset=offset, limit=limit),
        "items": [shape(row) for row in shown],
        "limit": limit,
        "next": address(world, path, request, offset=offset + limit, limit=limit) if offset + limit < total else None,
        "offset": offset,
        "previous": address(world, path, request, offset=max(0, offset - limit), limit=limit) if offset else None,
        "total": total,
    }


def with_hidden(rows: Sequence[Row], offset: int, limit: int) -> tuple[list[Row], int]:
    """A page's rows without the hidden one after every thirtieth; the total with them."""
    places = range(offset, offset + limit)
    step = HIDDEN_EVERY + 1
    numbers = [place - place // step for place in places if place % step != HIDDEN_EVERY]
    return [rows[number] for number in numbers if number < len(rows)], len(rows) + len(rows) // HIDDEN_EVERY


def first_page(url: str, rows: Sequence[Any], limit: int) -> Json:
    """The page that an album or a show carries inside; `rows` are shaped, all of them counted."""
    following = f"{url}?{urlencode({'offset': limit, 'limit': limit})}" if len(rows) > limit else None
    return {
        "href": f"{url}?{urlencode({'offset': 0, 'limit': limit})}",
        "items": rows[:limit],
        "limit": limit,
        "next": following,
        "offset": 0,
        "previous": None,
        "total": len(rows),
    }
