"""Pages of a list, by offset."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from pipelines.demo.api.answers import Refusal
from pipelines.demo.world.world import World

Json = dict[str, Any]
Row = TypeVar("Row")

POSITION = ("limit", "offset", "after", "before")


def whole_number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A numeric parameter. Raises Refusal 400, `Invalid limit` for instance, for anything else."""
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


def address(world: World, request: Request, **position: object) -> str:
    """The address of another page of the same list: the request's parameters with another position."""
    given = {key: value for key, value in request.query_params.items() if key not in POSITION}
    return f"{world.base_url}{request.url.path}?{urlencode(position | given)}"


def offset_page(
    world: World,
    request: Request,
    rows: Sequence[Row],
    shape: Callable[[Row], Any],
    *,
    most: int = 50,
    furthest: int = 100_000_000,
) -> Json:
    """The page of `rows` that a request asks for. Only the rows of this page are shaped."""
    limit = whole_number(request, "limit", 20, 1, most)
    offset = whole_number(request, "offset", 0, 0, furthest)
    shown, total = world.window(rows, offset, limit)
    return {
        "href": address(world, request, offset=offset, limit=limit),
        "items": [shape(row) for row in shown],
        "limit": limit,
        "next": address(world, request, offset=offset + limit, limit=limit) if offset + limit < total else None,
        "offset": offset,
        "previous": address(world, request, offset=max(0, offset - limit), limit=limit) if offset else None,
        "total": total,
    }
