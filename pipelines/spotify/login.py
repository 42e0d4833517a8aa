"""OAuth with PKCE: the question to the user, the wait for the answer, and the tokens for it. No secret is needed."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any
from urllib.parse import urlencode

from pipelines.spotify.auth import token_request
from pipelines.spotify.callback import Callback, Verdict, parameters, verdict
from pipelines.spotify.errors import AppRefused, NoAnswer
from pipelines.spotify.resources import SCOPES

PATIENCE_S = 300
# How often a typed line is looked for. A browser's answer does not wait for this.
LOOK_EVERY_S = 0.2


class LoginFailed(AppRefused):
    """The user denied the consent or did not give it in time, or the accounts service refused it."""


def redirect_address(port: int) -> str:
    """The redirect address. The app's page at Spotify must list exactly this; Spotify refuses the name localhost."""
    return f"http://127.0.0.1:{port}/callback"


@dataclass(frozen=True)
class Question:
    """One question for a consent. Its answer arrives at `callback`."""

    client_id: str
    client_secret: str = field(repr=False)
    accounts_url: str
    callback: Callback
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def redirect_uri(self) -> str:
        return redirect_address(self.callback.server_port)

    @property
    def address(self) -> str:
        """The page of Spotify that asks the user."""
        challenge = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": self.callback.state,
            "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        }
        return f"{self.accounts_url}/authorize?{urlencode(asked)}"


def authorize(
    question: Question,
    show: Callable[[str], None],
    typed: Callable[[], str] = lambda: "",
    tell: Callable[[str], None] = lambda line: None,
    patience_s: float = PATIENCE_S,
) -> dict[str, Any]:
    """Ask for the consent, wait for it, and return the tokens: access_token, refresh_token, scope.

    `show` is called with the address to open in a browser. `typed` returns a line that the user has typed, or nothing.
    `tell` is called with a sentence about a typed line that is no answer. Raises LoginFailed.
    """
    show(question.address)
    code = _code(question, typed, tell, patience_s)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": question.redirect_uri,
        "client_id": question.client_id,
        "code_verifier": question.verifier,
    }
    basic = (question.client_id, question.client_secret) if question.client_secret else None
    try:
        answer, body = token_request(f"{question.accounts_url}/api/token", form, basic)
    except NoAnswer as error:
        raise LoginFailed(f"no tokens: {error}; `make login` asks again") from None
    if answer.status_code != 200 or not body.get("refresh_token"):
        reason = f"{body.get('error')} {body.get('error_description', '')}".strip()
        raise LoginFailed(f"Spotify refused the login: {reason}; `make login` asks again")
    return body


def _code(question: Question, typed: Callable[[], str], tell: Callable[[str], None], patience_s: float) -> str:
    """The code of the first answer to this question, from the browser or from a typed line."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            answer = question.callback.answers.get(timeout=min(LOOK_EVERY_S, patience_s))
        except Empty:
            line = typed()
            if not line:
                continue
            answer = parameters(line)
            found = verdict(answer, question.callback.state)
            if found not in (Verdict.GIVEN, Verdict.DENIED):
                tell(_mistake(found, line, question))
                continue
        if "code" in answer:
            return answer["code"]
        reason = answer.get("error", "no reason given")
        raise LoginFailed(f"the login was denied ({reason}); nothing was changed")
    raise LoginFailed(f"no answer within {patience_s:.0f} s; is the client id right? `make login` asks again")


def _mistake(found: Verdict, line: str, question: Question) -> str:
    """What is wrong with a typed line."""
    if line.startswith(question.accounts_url):
        return "This is the address of Spotify's question. Agree there, and paste the address that comes after it."
    if found is Verdict.OTHER_LOGIN:
        return "This address answers another login. Open the address above, agree, and paste the new address."
    return f"Paste the whole address from the browser. It starts with {question.redirect_uri}?"
