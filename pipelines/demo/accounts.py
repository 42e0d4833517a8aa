"""The accounts service: /authorize, which consents at once, with the token endpoint."""

import base64
import binascii
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from pipelines.demo.grants import CLIENTS, Code, Grants
from pipelines.demo.refusal import Answer, GrantRefusal

REGISTERED = {"https://invented.example/callback", "invented-app://callback"}
LOOPBACK_HOSTS = {"127.0.0.1", "::1"}
LOOPBACK_PATHS = {"", "/", "/callback"}
"""Loopback literals are registered without a port, which lets any port be added in the request."""


def authorize(request: Request, grants: Grants) -> Response:
    """Redirects with a code, or shows the consent page's text for a mistake that must not be redirected."""
    asked = request.query_params
    client, redirect_uri = asked.get("client_id", ""), asked.get("redirect_uri", "")
    if client not in CLIENTS:
        return PlainTextResponse("INVALID_CLIENT: Invalid client", 400)
    if urlsplit(redirect_uri).hostname == "localhost":
        return PlainTextResponse("INVALID_CLIENT: Insecure redirect URI", 400)
    if not is_registered(redirect_uri):
        return PlainTextResponse("INVALID_CLIENT: Invalid redirect URI", 400)
    if asked.get("response_type") != "code":
        return PlainTextResponse("response_type must be code", 400)
    back = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return PlainTextResponse("code_challenge_method must be S256", 400)
    if grants.world.switches.deny:
        return RedirectResponse(f"{redirect_uri}?{urlencode({'error': 'access_denied'} | back)}", 302)
    code = grants.token("code")
    scope, challenge = asked.get("scope", ""), asked.get("code_challenge", "")
    grants.codes[code] = Code(client, redirect_uri, scope, challenge, grants.world.now)
    return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code} | back)}", 302)


def is_registered(redirect_uri: str) -> bool:
    """The rules of https://developer.spotify.com/documentation/web-api/concepts/redirect_uri."""
    if redirect_uri in REGISTERED:
        return True
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS and parts.path in LOOPBACK_PATHS


async def token(request: Request, grants: Grants) -> Response:
    """The three grants, form-encoded."""
    form = dict(parse_qsl((await request.body()).decode()))
    try:
        return Answer(grant(form, request.headers.get("authorization"), grants))
    except GrantRefusal as refusal:
        return refusal.response()


def grant(form: dict[str, str], authorization: str | None, grants: Grants) -> dict[str, object]:
    """The answer to a token request."""
    client, proved = client_of(form, authorization)
    kind = form.get("grant_type")
    if kind == "client_credentials":
        if not proved:
            raise GrantRefusal("invalid_client", "Invalid client secret")
        return grants.bearer(client, None)
    if kind == "authorization_code":
        if not proved and "code_verifier" not in form:
            raise GrantRefusal("invalid_request", "code_verifier or client secret required")
        code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
        return grants.of_code(code, client, redirect_uri, form.get("code_verifier"))
    if kind == "refresh_token":
        return grants.of_refresh(form.get("refresh_token", ""), client)
    raise GrantRefusal("unsupported_grant_type", "grant_type parameter is missing or unknown")


def client_of(form: dict[str, str], authorization: str | None) -> tuple[str, bool]:
    """The client id; and whether its secret came with it, which PKCE clients have none of."""
    client, secret = form.get("client_id", ""), form.get("client_secret")
    if authorization is not None:
        try:
            scheme, _, encoded = authorization.partition(" ")
            client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise GrantRefusal("invalid_client", "Invalid client") from None
        if scheme.lower() != "basic":
            raise GrantRefusal("invalid_client", "Invalid client")
    if client not in CLIENTS:
        raise GrantRefusal("invalid_client", "Invalid client")
    if secret is not None and secret != CLIENTS[client]:
        raise GrantRefusal("invalid_client", "Invalid client secret")
    return client, secret is not None
