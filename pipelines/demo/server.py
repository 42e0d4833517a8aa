"""The application: Web API, accounts service, control API, behind one gate."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.demo import accounts
from pipelines.demo.access import admit
from pipelines.demo.api import ENDPOINTS, Endpoint
from pipelines.demo.control import routes
from pipelines.demo.gate import Gate
from pipelines.demo.grants import Grants
from pipelines.demo.quota import Quota
from pipelines.demo.refusal import Answer, Refusal
from pipelines.demo.shapes import Shapes
from pipelines.demo.wishes import Wishes
from pipelines.demo.world import World


def application(world: World) -> Gate:
    """Everything one server answers."""
    grants, quota = Grants(world), Quota()
    wishes = Wishes(world)
    shapes = {extended: Shapes(world, extended) for extended in (False, True)}

    def served(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            path = request.url.path
            try:
                admit(request, path, endpoint.rule, world, grants, quota)
                body = endpoint.read(world, shapes[world.extended], request)
            except Refusal as refusal:
                response = refusal.response()
            else:
                response = shown(request, world, wishes.poisoned(path, body))
            wishes.answered(path)
            return response

        return serve

    async def authorize(request: Request) -> Response:
        return accounts.authorize(request, grants)

    async def token(request: Request) -> Response:
        return await accounts.token(request, grants)

    async def nowhere(request: Request, error: Exception) -> Response:
        return Refusal(404, "Service not found").response()

    app = Starlette(
        routes=[
            *(Route(f"/v1{endpoint.path}", served(endpoint)) for endpoint in ENDPOINTS),
            Route("/authorize", authorize),
            Route("/api/token", token, methods=["POST"]),
            *routes(world, quota, wishes, lambda: gate),
        ],
        exception_handlers={404: nowhere},
    )
    gate = Gate(app, world.options.latency_ms)
    return gate


def shown(request: Request, world: World, body: object) -> Response:
    """The answer as sent: 204 for None; with a tag only where a switch wants one, as none was found in 2023."""
    if body is None:
        return Response(status_code=204)
    response = Answer(body, headers={"Cache-Control": "private, max-age=0"})
    if world.switches.etag:
        tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        response.headers["ETag"] = tag
    return response
