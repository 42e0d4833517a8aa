"""Codes, consents and tokens. All ages are measured by the demo account's clock."""

import base64
import hashlib
from dataclasses import dataclass

from pipelines.demo.world.clock import MINUTE, SECOND, months_later
from pipelines.demo.world.world import World

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-client-secret"
REFRESH_TOKEN = "demo-refresh-token"
ACCESS_SECONDS = 3600
CONSENT_MONTHS = 6
CODE_MINUTES = 10
SCOPES = (
    "playlist-read-collaborative playlist-read-private user-follow-read user-library-read user-read-currently-playing "
    "user-read-email user-read-playback-position user-read-playback-state user-read-private "
    "user-read-recently-played user-top-read"
)
"""The scopes of the consent that `REFRESH_TOKEN` stands for."""


class GrantRefusal(Exception):
    """Ends a token request with `{"error": code, "error_description": text}`."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token stands for."""

    scope: str
    ends_at: int


@dataclass(frozen=True, slots=True)
class Consent:
    """What a refresh token stands for."""

    scope: str
    given_at: int


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for. `challenge` is empty without PKCE."""

    redirect_uri: str
    scope: str
    challenge: str
    made_at: int


class Grants:
    """What the accounts service has granted. Tokens are numbered, so that two servers give the same ones.

    With `rotation` every refresh gives a new refresh token and revokes the old one. `scope_limit` holds the scopes that
    are granted at most, by old consents too; None grants all requested scopes. Only tests change these two.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.access: dict[str, Access] = {}
        self.consents = {REFRESH_TOKEN: Consent(SCOPES, world.now)}
        self.codes: dict[str, Code] = {}
        self.revoked: set[str] = set()
        self.given = 0
        self.rotation = False
        self.scope_limit: set[str] | None = None

    def token(self, kind: str) -> str:
        self.given += 1
        return f"demo-{kind}-{hashlib.sha256(f'{kind}/{self.given}'.encode()).hexdigest()[:32]}"

    def granted(self, asked: str) -> str:
        """The requested scopes that are granted."""
        limit = self.scope_limit
        return " ".join(scope for scope in asked.split() if limit is None or scope in limit)

    def bearer(self, scope: str) -> dict[str, object]:
        """A new access token, as the token endpoint answers it."""
        token = self.token("access")
        self.access[token] = Access(scope, self.world.now + ACCESS_SECONDS * SECOND)
        return {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "scope": scope}

    def of_code(self, text: str, redirect_uri: str, verifier: str | None) -> dict[str, object]:
        """The tokens for an authorization code. A code works once. Raises GrantRefusal."""
        code = self.codes.pop(text, None)
        if code is None or self.world.now > code.made_at + CODE_MINUTES * MINUTE:
            raise GrantRefusal("invalid_grant", "Invalid authorization code")
        if code.redirect_uri != redirect_uri:
            raise GrantRefusal("invalid_grant", "Invalid redirect URI")
        if code.challenge and (verifier is None or challenge_of(verifier) != code.challenge):
            raise GrantRefusal("invalid_grant", "code_verifier was incorrect")
        answer = self.bearer(self.granted(code.scope))
        refresh = self.token("refresh")
        self.consents[refresh] = Consent(code.scope, self.world.now)
        return answer | {"refresh_token": refresh}

    def of_refresh(self, text: str) -> dict[str, object]:
        """The tokens for a refresh token. A consent ends after six months, however often it is refreshed.

        Raises GrantRefusal.
        """
        if text in self.revoked:
            raise GrantRefusal("invalid_grant", "Refresh token revoked")
        consent = self.consents.get(text)
        if consent is None:
            raise GrantRefusal("invalid_grant", "Invalid refresh token")
        if self.world.now >= months_later(consent.given_at, CONSENT_MONTHS):
            raise GrantRefusal("invalid_grant", "Refresh token expired")
        answer = self.bearer(self.granted(consent.scope))
        if not self.rotation:
            return answer
        refresh = self.token("refresh")
        self.consents[refresh] = self.consents.pop(text)
        self.revoked.add(text)
        return answer | {"refresh_token": refresh}


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
