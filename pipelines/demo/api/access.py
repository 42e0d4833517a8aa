"""Checks the bearer token of a request and its scopes."""

from starlette.requests import Request

from pipelines.demo.accounts.grants import Access, Grants
from pipelines.demo.api.answers import Refusal
from pipelines.demo.world.world import World


def check(request: Request, scopes: tuple[str, ...], world: World, grants: Grants) -> None:
    """Raise Refusal unless the request has a valid token with all `scopes`."""
    access = bearer(request.headers.get("authorization"), grants)
    if world.now >= access.ends_at:
        raise Refusal(401, "The access token expired")
    if not set(scopes) <= set(access.scope.split()):
        raise Refusal(403, "Insufficient client scope")


def bearer(header: str | None, grants: Grants) -> Access:
    """The access that an Authorization header gives."""
    if not header:
        raise Refusal(401, "No token provided")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(400, "Only valid bearer authentication supported")
    if access := grants.access.get(token.strip()):
        return access
    raise Refusal(401, "Invalid access token")
