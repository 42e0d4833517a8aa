"""Who asks: bearer token, mode, scope, quota, in the order in which they are refused."""

from dataclasses import dataclass

from starlette.requests import Request

from pipelines.demo.grants import Access, Grants
from pipelines.demo.quota import Quota
from pipelines.demo.refusal import Refusal
from pipelines.demo.world import World

LAPSED = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)
UNLISTED = (
    "The user is not registered for this application. "
    "Please check your settings on https://developer.spotify.com/dashboard."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an endpoint asks of its caller: the user's `scopes`, all of them, or extended quota."""

    scopes: tuple[str, ...] = ()
    user: bool = False
    extended: bool = False


def admit(request: Request, path: str, rule: Rule, world: World, grants: Grants, quota: Quota) -> Access:
    """The access that the request's token stands for; raises the refusal that comes first."""
    access = bearer(request.headers.get("authorization"), world, grants)
    request.scope["listener.client"] = access.client
    if not world.switches.premium:
        raise Refusal(403, LAPSED, text=True)
    if access.scope is not None and not world.switches.listed_user:
        raise Refusal(403, UNLISTED)
    if rule.extended and not world.extended:
        raise Refusal(403, "Forbidden")
    if rule.user and access.scope is None:
        raise Refusal(401, "Valid user authentication required")
    if access.scope is not None and not set(rule.scopes) <= set(access.scope.split()):
        raise Refusal(403, "Insufficient client scope")
    quota.spend(path, world.now)
    return access


def bearer(header: str | None, world: World, grants: Grants) -> Access:
    """The access behind an Authorization header."""
    if not header:
        raise Refusal(401, "No token provided")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(400, "Only valid bearer authentication supported")
    access = grants.access.get(token.strip())
    if access is None:
        raise Refusal(401, "Invalid access token")
    if world.now >= access.ends_at:
        raise Refusal(401, "The access token expired")
    return access
