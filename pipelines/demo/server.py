"""The demo account's HTTP application: the Web API and the accounts service."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.demo.accounts import service
from pipelines.demo.accounts.grants import Grants
from pipelines.demo.api.access import check
from pipelines.demo.api.answers import Answer, Refusal
from pipelines.demo.api.endpoints import ENDPOINTS, Endpoint
from pipelines.demo.shapes.shapes import Shapes
from pipelines.demo.world.world import World

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Application:
    """`app` is the ASGI application. `add` gives it more routes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = Grants(world)
        self._shapes = {extended: Shapes(world, extended) for extended in (False, True)}

        async def authorize(request: Request) -> Response:
            return service.authorize(request, self.grants)

        async def token(request: Request) -> Response:
            return await service.token(request, self.grants)

        async def not_found(request: Request, error: Exception) -> Response:
            return Refusal(404, "Service not found").response()

        self.app = Starlette(
            routes=[Route("/authorize", authorize), Route("/api/token", token, methods=["POST"])],
            exception_handlers={404: not_found},
        )
        self.add(*ENDPOINTS)

    def add(self, *endpoints: Endpoint) -> None:
        """Serve endpoints of the Web API."""
        self.app.router.routes += [Route(f"/v1{endpoint.path}", self._serve(endpoint)) for endpoint in endpoints]

    def _serve(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                check(request, endpoint.scopes, self.world, self.grants)
                return Answer(endpoint.read(self.world, self._shapes[self.world.extended], request))
            except Refusal as refusal:
                return refusal.response()

        return serve
