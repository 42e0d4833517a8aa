"""Consents with the tokens that follow from them; every age is measured by the listener's clock."""

import base64
import hashlib
from dataclasses import dataclass

from pipelines.demo.clock import MINUTE, SECOND, months_later
from pipelines.demo.refusal import GrantRefusal
from pipelines.demo.world import SCOPES, World

CLIENTS = {"demo-client": "invented-secret", "invented-second-app": "invented-second-secret"}
"""Two client ids of one developer account: they share its quota."""

REFRESH_TOKEN = "demo-refresh-token"
ACCESS_SECONDS = 3600
CONSENT_MONTHS = 6
CODE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Access:
    """What a bearer token stands for; `scope` None marks an app without a user."""

    client: str
    scope: str | None
    ends_at: int


@dataclass(frozen=True, slots=True)
class Consent:
    """What a refresh token stands for; `client` None is any of the developer's."""

    client: str | None
    scope: str
    given_at: int


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for; `challenge` is empty without PKCE."""

    client: str
    redirect_uri: str
    scope: str
    challenge: str
    made_at: int


class Grants:
    """The accounts service's books. Tokens count up, so that two servers give the same ones."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.access: dict[str, Access] = {}
        self.consents = {REFRESH_TOKEN: Consent(None, SCOPES, world.now)}
        self.codes: dict[str, Code] = {}
        self.revoked: set[str] = set()
        self.given = 0

    def token(self, kind: str) -> str:
        """A new token of a kind."""
        self.given += 1
        return f"invented-{kind}-{hashlib.sha256(f'{kind}/{self.given}'.encode()).hexdigest()[:32]}"

    def granted(self, asked: str) -> str:
        """The scopes that are granted of those asked."""
        limit = self.world.switches.granted_scope
        return " ".join(scope for scope in asked.split() if limit is None or scope in limit.split())

    def bearer(self, client: str, scope: str | None) -> dict[str, object]:
        """A new access token, as the token endpoint answers it."""
        token = self.token("access")
        self.access[token] = Access(client, scope, self.world.now + ACCESS_SECONDS * SECOND)
        shown = {} if scope is None else {"scope": scope}
        return {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS} | shown

    def of_code(self, text: str, client: str, redirect_uri: str, verifier: str | None) -> dict[str, object]:
        """The tokens of an authorization code, which works once."""
        code = self.codes.pop(text, None)
        if code is None or code.client != client or self.world.now > code.made_at + CODE_MINUTES * MINUTE:
            raise GrantRefusal("invalid_grant", "Invalid authorization code")
        if code.redirect_uri != redirect_uri:
            raise GrantRefusal("invalid_grant", "Invalid redirect URI")
        if code.challenge and (verifier is None or challenge_of(verifier) != code.challenge):
            raise GrantRefusal("invalid_grant", "code_verifier was incorrect")
        answer = self.bearer(client, self.granted(code.scope))
        if self.world.switches.omit_refresh_token:
            return answer
        refresh = self.token("refresh")
        self.consents[refresh] = Consent(client, code.scope, self.world.now)
        return answer | {"refresh_token": refresh}

    def of_refresh(self, text: str, client: str) -> dict[str, object]:
        """A new access token of a consent that is less than six months old; refreshing does not make it younger."""
        if text in self.revoked:
            raise GrantRefusal("invalid_grant", "Refresh token revoked")
        consent = self.consents.get(text)
        if consent is None or consent.client not in (None, client):
            raise GrantRefusal("invalid_grant", "Invalid refresh token")
        if self.world.now >= months_later(consent.given_at, CONSENT_MONTHS):
            raise GrantRefusal("invalid_grant", "Refresh token expired")
        answer = self.bearer(client, self.granted(consent.scope))
        if not self.world.switches.rotation:
            return answer
        refresh = self.token("refresh")
        self.consents[refresh] = self.consents.pop(text)
        self.revoked.add(text)
        return answer | {"refresh_token": refresh}


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
