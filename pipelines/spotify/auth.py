"""Access tokens from a refresh token, one refresh at a time, and the six months that a consent lasts."""

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pipelines.http.causes import no_answer, unusable
from pipelines.http.session import http_session
from pipelines.spotify.errors import AppRefused, ConsentNeeded, NoAnswer, Unreachable
from pipelines.spotify.token_store import TokenStore

CONSENT_MONTHS = 6
TIMEOUT_S = (5, 20)
LOGIN = "run `make login`"


class Tokens:
    """Gives spotipy its bearer token. spotipy's own managers can ask on the terminal, and refresh once per thread.

    A given `refresh_token` is used until Spotify rotates it. The new token is then written to the store together with
    the hash of the given token, so that the next run with the same given token uses the new one. `on_rotated` is called
    with every new refresh token, after the store has it, and `before_call` before each request. Raises ConsentNeeded
    when there is no refresh token.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        accounts_url: str,
        store: TokenStore | None = None,
        on_rotated: Callable[[str], None] | None = None,
        pause_s: float = 0.5,
        cure: str = "",
    ) -> None:
        self._store = store
        self._given = refresh_token
        stored = self._read_store()
        self.client_id = client_id or stored.get("client_id", "")
        self._client_secret = client_secret
        self._cure = cure
        self._url = f"{accounts_url}/api/token"
        self._access_token = ""
        self._expires_at = 0.0
        self._one_at_a_time = threading.Lock()
        self._pause_s = pause_s
        self._on_rotated = on_rotated
        self._failed: Exception | None = None
        self.scope: frozenset[str] | None = None
        self.calls = 0
        self.before_call: Callable[[], None] = lambda: None
        if not self._refresh_token:
            raise ConsentNeeded(f"no refresh token in {store or 'SPOTIFY_REFRESH_TOKEN'}; {LOGIN}")

    def _read_store(self) -> dict[str, Any]:
        """Take the refresh token that is in force: the given one, or the one that replaced it."""
        stored = self._store.read() if self._store else {}
        given = self._given
        is_rotated = stored.get("rotated_from") == token_hash(given) if given else bool(stored)
        self._refresh_token: str = stored["refresh_token"] if is_rotated else given
        self._stored = stored if is_rotated else {"rotated_from": token_hash(given)}
        return stored

    @property
    def is_fresh(self) -> bool:
        """Whether the next request needs no refresh."""
        return bool(self._access_token) and time.monotonic() <= self._expires_at

    def get_access_token(self, as_dict: bool = False) -> str:
        """The current token, refreshed in its last minute. Raises ConsentNeeded, AppRefused, Unreachable."""
        with self._one_at_a_time:
            if self._failed:
                raise self._failed
            if not self.is_fresh:
                try:
                    self._refresh()
                except Exception as error:
                    self._failed = error
                    raise
            return self._access_token

    def refused(self, access_token: str) -> None:
        """Mark a token that Spotify answered with 401. The next request refreshes it, unless another thread has."""
        with self._one_at_a_time:
            if access_token == self._access_token:
                self._access_token = ""

    def _refresh(self) -> None:
        if self._store and self.calls:
            self._read_store()  # another process may have rotated the token since
        tries = Retrying(
            stop=stop_after_attempt(4),
            wait=wait_exponential_jitter(multiplier=self._pause_s, max=8),
            retry=retry_if_exception_type(NoAnswer),
            reraise=True,
        )
        try:
            answer = tries(self._ask)
        except NoAnswer as error:
            raise Unreachable(f"no answer from the accounts service, and nothing is lost: {error}") from None
        self._access_token = answer["access_token"]
        self._expires_at = time.monotonic() + int(answer.get("expires_in", 3600)) - 60
        if answer.get("scope"):
            self.scope = frozenset(answer["scope"].split())
        rotated = answer.get("refresh_token")
        if rotated and rotated != self._refresh_token:
            self._refresh_token = rotated
            if self._store:
                self._store.write(self._stored | {"client_id": self.client_id, "refresh_token": rotated})
            if self._on_rotated:
                self._on_rotated(rotated)

    def _ask(self) -> dict[str, str]:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token, "client_id": self.client_id}
        basic = (self.client_id, self._client_secret) if self._client_secret else None
        self.before_call()
        self.calls += 1
        answer, body = token_request(self._url, form, basic)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise NoAnswer(f"{self._url} answers with status {answer.status_code}; run again later")
        if answer.status_code != 200 or "access_token" not in body:
            raise self._refusal(str(body.get("error")), str(body.get("error_description", "")))
        return body

    def _refusal(self, code: str, text: str) -> Exception:
        if code == "invalid_grant":
            cure = self._cure or (f"unset SPOTIFY_REFRESH_TOKEN, then {LOGIN}" if self._given else LOGIN)
            return ConsentNeeded(f"Spotify no longer accepts the consent ({text or code}); {cure}")
        if code == "invalid_client":
            return AppRefused(
                "Spotify does not know this client id and secret (invalid_client); check SPOTIFY_CLIENT_ID"
            )
        return AppRefused(f"the accounts service refused the refresh: {code} {text}")


def token_request(
    url: str, form: dict[str, str], basic: tuple[str, str] | None
) -> tuple[requests.Response, dict[str, Any]]:
    """Send a form to the token endpoint. Returns the answer and its JSON; raises NoAnswer, which names the cause."""
    try:
        with http_session() as session:
            answer = session.post(url, data=form, auth=basic, timeout=TIMEOUT_S)
    except (OSError, ValueError) as error:
        raise NoAnswer(no_answer(url, error)) from None
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise NoAnswer(unusable(answer))
    return answer, body


def token_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]


def consent_ends_at(consented_at: dt.datetime) -> dt.datetime:
    """Six months after the consent; a refresh does not extend them (Spotify, 2026-06-18)."""
    month = consented_at.month - 1 + CONSENT_MONTHS
    year, month = consented_at.year + month // 12, month % 12 + 1
    day = min(consented_at.day, 28 if month == 2 else 30)
    return consented_at.replace(year=year, month=month, day=day)


def consent_warning(consented_at: dt.datetime | None, now: dt.datetime) -> str | None:
    """A warning when 30 days or fewer are left, else None. Raises ConsentNeeded when the consent has ended."""
    if consented_at is None:
        return None
    ends_at = consent_ends_at(consented_at)
    days = (ends_at - now).days
    if now >= ends_at:
        raise ConsentNeeded(f"the consent of {consented_at:%Y-%m-%d} ended on {ends_at:%Y-%m-%d}; {LOGIN}")
    if days <= 7:
        return f"the consent ends in {days} days, on {ends_at:%Y-%m-%d}: {LOGIN} now"
    if days <= 30:
        return f"the consent ends on {ends_at:%Y-%m-%d}, in {days} days: {LOGIN} before then"
    return None
