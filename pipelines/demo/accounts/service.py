"""/authorize, which consents at once, and the token endpoint."""

import base64
import binascii
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from pipelines.demo.accounts.grants import CLIENT_ID, CLIENT_SECRET, Code, GrantRefusal, Grants
from pipelines.demo.api.answers import Answer

REGISTERED = {"https://demo.example/callback"}
LOOPBACK_HOSTS = {"127.0.0.1", "::1"}
LOOPBACK_PATHS = {"", "/", "/callback"}
"""A loopback address is registered without a port. A request may add any port."""


def authorize(request: Request, grants: Grants) -> Response:
    """Redirect with a code. Mistakes in the client id or the redirect URI are answered with a text instead."""
    asked = request.query_params
    redirect_uri = asked.get("redirect_uri", "")
    mistake = mistake_in(asked.get("client_id", ""), redirect_uri)
    if not mistake and asked.get("response_type") != "code":
        mistake = "response_type must be code"
    if not mistake and asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        mistake = "code_challenge_method must be S256"
    if mistake:
        return PlainTextResponse(mistake, 400)
    code = grants.token("code")
    grants.codes[code] = Code(redirect_uri, asked.get("scope", ""), asked.get("code_challenge", ""), grants.world.now)
    state = {"state": asked["state"]} if "state" in asked else {}
    return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code} | state)}", 302)


def mistake_in(client: str, redirect_uri: str) -> str:
    """The rules of https://developer.spotify.com/documentation/web-api/concepts/redirect_uri."""
    if client != CLIENT_ID:
        return "INVALID_CLIENT: Invalid client"
    parts = urlsplit(redirect_uri)
    if parts.hostname == "localhost":
        return "INVALID_CLIENT: Insecure redirect URI"
    is_loopback = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS and parts.path in LOOPBACK_PATHS
    return "" if is_loopback or redirect_uri in REGISTERED else "INVALID_CLIENT: Invalid redirect URI"


async def token(request: Request, grants: Grants) -> Response:
    """The token endpoint. Its requests are forms."""
    form = dict(parse_qsl((await request.body()).decode()))
    try:
        return Answer(grant(form, request.headers.get("authorization"), grants))
    except GrantRefusal as refusal:
        return Answer({"error": refusal.code, "error_description": refusal.description}, 400)


def grant(form: dict[str, str], authorization: str | None, grants: Grants) -> dict[str, object]:
    """The tokens for an authorization code or a refresh token. Raises GrantRefusal."""
    has_secret = checked_client(form, authorization)
    match form.get("grant_type"):
        case "authorization_code":
            if not has_secret and "code_verifier" not in form:
                raise GrantRefusal("invalid_request", "code_verifier or client secret required")
            return grants.of_code(form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier"))
        case "refresh_token":
            return grants.of_refresh(form.get("refresh_token", ""))
    raise GrantRefusal("unsupported_grant_type", "grant_type parameter is missing or unknown")


def checked_client(form: dict[str, str], authorization: str | None) -> bool:
    """Whether the request has the client's secret. PKCE needs none. Raises GrantRefusal for a wrong id or secret."""
    client, secret = form.get("client_id", ""), form.get("client_secret")
    if authorization is not None:
        try:
            scheme, _, encoded = authorization.partition(" ")
            client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise GrantRefusal("invalid_client", "Invalid client") from None
        if scheme.lower() != "basic":
            raise GrantRefusal("invalid_client", "Invalid client")
    if client != CLIENT_ID:
        raise GrantRefusal("invalid_client", "Invalid client")
    if secret not in (None, CLIENT_SECRET):
        raise GrantRefusal("invalid_client", "Invalid client secret")
    return secret is not None
