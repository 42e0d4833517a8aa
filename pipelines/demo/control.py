"""The control API, under /__control. Bodies are JSON; a wish that makes no sense is answered with 400.

POST   /faults    {"path": "/v1/me/tracks", "status": 429, "headers": {...}, "body": ..., "times": 3, "after": 2,
                  "kind": "answer|truncate|empty|drop|delay", "delay_s": 1.5, "method": "GET"}   `path` may hold `*`
DELETE /faults    no fault any more
POST   /switches  any of: mode premium listed_user rotation omit_refresh_token granted_scope deny users_path_in_next
                  short_pages etag playing; answers with all of them. GET shows them
POST   /quota     {"group": "saved-tracks", "calls": 20, "retry_after_s": 86400, "header": true}; groups: saved-tracks
                  library playlists playlist-items following top player artist-albums catalogue search profile
DELETE /quota     no lock, no budget any more
POST   /clock     {"now": "2026-11-03T08:00:00Z"}, or any of {"days": 1, "hours": 1, "minutes": 1, "seconds": 1};
                  answers {"now"}. GET shows it
POST   /mutate    one wish, or a list of them; `kind` is tracks (default) albums shows episodes audiobooks artists:
                  {"op": "unsave", "kind": ..., "index": 3 | "id": ...}
                  {"op": "save", "kind": ..., "id": ..., "added_at": ...}        both optional: something new, now
                  {"op": "play", "id": ..., "played_at": ...}                    both optional; a late one is past
                  {"op": "remove_playlist" | "empty_playlist", "playlist": id | index}
                  {"op": "rename_playlist", "playlist": ..., "description": ...} metadata alone
                  {"op": "add_item", "playlist": ..., "item": "track|episode|local|null", "id": ...}
                  {"op": "remove_item", "playlist": ..., "index": 3}
                  {"op": "poison", "path": "/v1/me/tracks", "index": 3, "field": "track.duration_ms", "value": "abc"}
                  `index` counts over the whole listing, without it the answer itself is meant; without `field` the
                  row is replaced; "remove": true takes the key away; {"op": "heal"} ends all poison.
                  "when": {"path": "/v1/me/tracks", "calls": 1} holds a wish back until that many calls were answered.
                  Answers what was touched (id, added_at, ...), or {"pending": true}
GET    /requests  {"counts": {"GET /v1/me/tracks": 3}, "log": [{"method", "path", "query", "status", "client_id"}]}
DELETE /requests  an empty log
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.demo.clock import DAY, HOUR, MINUTE, SECOND, moment, to_the_millisecond
from pipelines.demo.faults import fault_of
from pipelines.demo.gate import Gate
from pipelines.demo.quota import GROUPS, Budget, Quota
from pipelines.demo.refusal import Answer
from pipelines.demo.wishes import Wishes
from pipelines.demo.world import Switches, World

Json = dict[str, Any]

UNITS = {"days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}


def move_clock(world: World, wish: Json) -> Json:
    """Sets the clock, or moves it on."""
    start = moment(wish["now"]) if "now" in wish else world.now
    world.now = start + sum(round(wish.get(unit, 0) * length) for unit, length in UNITS.items())
    return {"now": to_the_millisecond(world.now)}


def turn(world: World, wish: Json) -> Json:
    """Turns switches."""
    known = {one.name for one in fields(Switches)}
    if set(wish) - known:
        raise ValueError(f"no such switch: {', '.join(sorted(set(wish) - known))}")
    if wish.get("mode", "extended") not in ("development", "extended"):
        raise ValueError("mode is development or extended")
    for name, value in wish.items():
        setattr(world.switches, name, value)
    return asdict(world.switches)


def set_budget(quota: Quota, wish: Json) -> Json:
    """Gives a group a budget."""
    if wish["group"] not in {name for name, _ in GROUPS}:
        raise ValueError(f"no such group: {wish['group']}")
    quota.budgets[wish["group"]] = Budget(**{key: value for key, value in wish.items() if key != "group"})
    return {"budgets": {name: asdict(budget) for name, budget in quota.budgets.items()}}


def routes(world: World, quota: Quota, wishes: Wishes, gate: Callable[[], Gate]) -> list[Route]:
    """The control API's routes; the gate is made after them, around them."""

    def post(path: str, act: Callable[[Any], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return Answer(act(await request.json()))
            except (ValueError, KeyError, IndexError, TypeError, LookupError, StopIteration) as mistake:
                return Answer({"error": f"{type(mistake).__name__}: {mistake}"}, 400)

        return Route(f"/__control{path}", endpoint, methods=["POST"])

    def plain(method: str, path: str, act: Callable[[], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            return Answer(act())

        return Route(f"/__control{path}", endpoint, methods=[method])

    def mutate(wish: Any) -> Any:
        return [wishes.wish(one) for one in wish] if isinstance(wish, list) else wishes.wish(wish)

    def add_fault(wish: Json) -> Json:
        gate().faults.append(fault_of(wish))
        return {"faults": len(gate().faults)}

    def cleared(act: Callable[[], None]) -> Callable[[], Json]:
        def clear() -> Json:
            act()
            return {}

        return clear

    return [
        post("/faults", add_fault),
        plain("DELETE", "/faults", cleared(lambda: gate().faults.clear())),
        post("/switches", lambda wish: turn(world, wish)),
        plain("GET", "/switches", lambda: asdict(world.switches)),
        post("/quota", lambda wish: set_budget(quota, wish)),
        plain("DELETE", "/quota", cleared(quota.budgets.clear)),
        post("/clock", lambda wish: move_clock(world, wish)),
        plain("GET", "/clock", lambda: {"now": to_the_millisecond(world.now)}),
        post("/mutate", mutate),
        plain("GET", "/requests", lambda: {"counts": dict(gate().counts), "log": gate().log}),
        plain("DELETE", "/requests", cleared(lambda: gate().forget())),
    ]
