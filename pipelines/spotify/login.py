"""OAuth in the browser: authorization code with PKCE. The answer arrives at a loopback address; no secret is needed."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from pipelines.settings import BadSetting
from pipelines.spotify.auth import TIMEOUT_S
from pipelines.spotify.errors import AppRefused
from pipelines.spotify.resources import SCOPES

PATIENCE_S = 300
DONE = "<!doctype html><meta charset=utf-8><title>spotify-elt</title><body style='font:1.2em sans-serif;margin:3em'>"


class LoginFailed(AppRefused):
    """The user denied the consent or did not give it in time, or the accounts service refused it."""


def redirect_address(port: int) -> str:
    """The redirect address. The app's page at Spotify must list exactly this; Spotify refuses the name localhost."""
    return f"http://127.0.0.1:{port}/callback"


def authorize(
    client_id: str,
    client_secret: str,
    accounts_url: str,
    port: int,
    show: Callable[[str], None],
    patience_s: float = PATIENCE_S,
) -> dict[str, Any]:
    """Ask for the consent, wait for it, and return the tokens: access_token, refresh_token, scope.

    `show` is called with the address to open in a browser. Raises LoginFailed, and BadSetting for a port in use.
    """
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    question = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_address(port),
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge_method": "S256",
        "code_challenge": challenge,
    }
    with _listening(port) as server:
        show(f"{accounts_url}/authorize?{urlencode(question)}")
        code = _code(server, state, patience_s)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_address(port),
        "client_id": client_id,
        "code_verifier": verifier,
    }
    basic = (client_id, client_secret) if client_secret else None
    try:
        answer = requests.post(f"{accounts_url}/api/token", data=form, auth=basic, timeout=TIMEOUT_S)
        body = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise LoginFailed(f"no answer from {accounts_url} ({type(error).__name__}); try again") from None
    if answer.status_code != 200 or not body.get("refresh_token"):
        raise LoginFailed(f"Spotify refused the login: {body.get('error')} {body.get('error_description', '')}".strip())
    return dict(body)


class _Callback(HTTPServer):
    """The HTTP server at the redirect address. It keeps the newest answer, and `_code` checks the answer."""

    answer: dict[str, str]


def _listening(port: int) -> _Callback:
    try:
        return _Callback(("127.0.0.1", port), _Handler)
    except OSError as error:
        raise BadSetting(
            f"port {port} is taken ({error.strerror}); set SPOTIFY_REDIRECT_PORT to another, "
            "and add its address to your app's page"
        ) from None


class _Handler(BaseHTTPRequestHandler):
    server: _Callback

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        is_callback = url.path == "/callback"
        if is_callback:
            self.server.answer = {name: values[0] for name, values in parse_qs(url.query).items()}
        text = "You can close this page and go back to the terminal." if is_callback else "Nothing here."
        self.send_response(200 if is_callback else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"{DONE}{text}".encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the request line holds the code."""


def _code(server: _Callback, state: str, patience_s: float) -> str:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        server.timeout = max(until - time.monotonic(), 0.1)
        server.answer = {}
        server.handle_request()
        answer = server.answer
        if answer.get("state") != state:
            continue
        if "code" in answer:
            return answer["code"]
        raise LoginFailed(f"the login was denied ({answer.get('error', 'no reason given')}); nothing was changed")
    raise LoginFailed(f"no answer within {patience_s:.0f} s; is the client id right? `make login` asks again")
