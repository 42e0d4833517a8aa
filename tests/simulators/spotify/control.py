"""The control API of a demo server under test, below /__control. `mount` adds it. Bodies are JSON.

POST   /faults    {"path": "/v1/me/tracks", "status": 429, "headers": {...}, "body": ..., "times": 3, "after": 2,
                  "kind": "answer|truncate|empty|drop|delay", "delay_s": 1.5, "method": "GET"}   `path` may contain `*`
DELETE /faults    removes all faults
POST   /switches  changes any field of `Switches` and answers all of them
POST   /quota     {"group": "saved-tracks", "calls": 20, "retry_after_s": 86400, "header": true}
DELETE /quota     removes all quotas
POST   /clock     {"now": "2026-11-03T08:00:00Z"} and any of {"days": 1, "hours": 1, "minutes": 1, "seconds": 1};
                  answers {"now"}
POST   /mutate    a change of the account. `kind` is tracks (default) albums shows episodes audiobooks artists:
                  {"op": "unsave", "kind": ..., "index": 3 | "id": ...}
                  {"op": "save", "kind": ..., "id": ..., "added_at": ...}        default: a new item, now
                  {"op": "play", "id": ..., "played_at": ...}                    default: any track, now
                  {"op": "remove_playlist" | "empty_playlist", "playlist": id | index}
                  {"op": "rename_playlist", "playlist": ..., "description": ...} changes no items
                  {"op": "add_item", "playlist": ..., "item": "track|episode|local|null", "id": ...}
                  {"op": "remove_item", "playlist": ..., "index": 3}
                  {"op": "poison", "path": "/v1/me/tracks", "index": 3, "field": "track.duration_ms", "value": "abc"}
                  `index` counts over all pages. Without `index` the field is one of the answer itself, without `field`
                  the whole row is replaced, "remove": true removes the key. {"op": "heal"} ends all poison.
                  {"op": "break", "path": "/v1/me/tracks", "text": "an id"}: each page that holds the text answers 500.
                  "when": {"path": "/v1/me/tracks", "calls": 1} delays a change until that many calls were answered.
                  Answers what was changed (id, added_at, ...), or {"pending": true}
GET    /requests  {"counts": {"GET /v1/me/tracks": 3}, "log": [{"method", "path", "query", "status"}]}
DELETE /requests  empties the log

A request that cannot be understood is answered with 400.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.demo.api.answers import Answer
from pipelines.demo.server import Application
from pipelines.demo.world.clock import DAY, HOUR, MINUTE, SECOND, moment, to_the_millisecond
from pipelines.demo.world.world import World
from tests.simulators.spotify.changes import Changes
from tests.simulators.spotify.faults import fault_of
from tests.simulators.spotify.gate import Gate
from tests.simulators.spotify.quota import Quota
from tests.simulators.spotify.switches import Switches
from tests.simulators.spotify.withdrawn import ENDPOINTS

Json = dict[str, Any]

UNITS = {"days": DAY, "hours": HOUR, "minutes": MINUTE, "seconds": SECOND}


def mount(server: Application) -> Gate:
    """The server's app with faults, quotas, switches, withdrawn routes and the control API."""
    switches, quota, changes = Switches(), Quota(), Changes(server.world)
    switches.mode = server.world.options.mode
    gate = Gate(server.app, server.world, switches, quota, changes)
    server.add(*ENDPOINTS)

    def add_fault(body: Json) -> Json:
        gate.faults.append(fault_of(body))
        return {}

    def switch(body: Json) -> Json:
        switches.change(body, server)
        return asdict(switches)

    server.app.router.routes += [
        post("/faults", add_fault),
        post("/switches", switch),
        post("/quota", quota.limit),
        post("/clock", lambda body: move_clock(server.world, body)),
        post("/mutate", changes.make),
        other("DELETE", "/faults", gate.faults.clear),
        other("DELETE", "/quota", quota.budgets.clear),
        other("DELETE", "/requests", gate.log.clear),
        other("GET", "/requests", lambda: {"counts": gate.counts(), "log": gate.log}),
    ]
    return gate


def post(path: str, act: Callable[[Json], Json]) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return Answer(act(await request.json()))
        except (ValueError, LookupError, TypeError, StopIteration) as error:
            return Answer({"error": f"{type(error).__name__}: {error}"}, 400)

    return Route(f"/__control{path}", endpoint, methods=["POST"])


def other(method: str, path: str, act: Callable[[], Json | None]) -> Route:
    async def endpoint(request: Request) -> Response:
        return Answer(act() or {})

    return Route(f"/__control{path}", endpoint, methods=[method])


def move_clock(world: World, body: Json) -> Json:
    start = moment(body["now"]) if "now" in body else world.now
    world.now = start + sum(round(body.get(unit, 0) * length) for unit, length in UNITS.items())
    return {"now": to_the_millisecond(world.now)}
