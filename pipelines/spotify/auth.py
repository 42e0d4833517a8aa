"""Access tokens from a refresh token, one refresh at a time, and the six months that a consent lasts."""

import datetime as dt
import hashlib
import threading
import time
from collections.abc import Callable

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pipelines.http.deadline import within_deadline
from pipelines.spotify.errors import AppRefused, ConsentNeeded, NoAnswer, Unreachable
from pipelines.spotify.token_store import TokenStore

CONSENT_MONTHS = 6
TIMEOUT_S = (5, 20)
LOGIN = "run `make login`"


class Tokens:
    """Gives spotipy its bearer token. spotipy's own managers can ask on the terminal, and refresh once per thread.

    A given `refresh_token` is used until Spotify rotates it. The new token is then written to the store together with
    the hash of the given token, so that the next run with the same given token uses the new one. `on_rotated` is called
    with every new refresh token, after the store has it. Raises ConsentNeeded when there is no refresh token.
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
        stored = store.read() if store else {}
        is_rotated = stored.get("rotated_from") == token_hash(refresh_token) if refresh_token else bool(stored)
        self._refresh_token: str = stored["refresh_token"] if is_rotated else refresh_token
        self._stored = stored if is_rotated else {"rotated_from": token_hash(refresh_token)}
        self.client_id = client_id or stored.get("client_id", "")
        self._client_secret = client_secret
        self._is_given = bool(refresh_token)
        self._cure = cure
        self._url = f"{accounts_url}/api/token"
        self._store = store
        self._on_rotated = on_rotated
        self._access_token = ""
        self._expires_at = 0.0
        self._one_at_a_time = threading.Lock()
        self._pause_s = pause_s
        self._on_rotated = on_rotated
        self._failed: Exception | None = None
        self.scope: frozenset[str] | None = None
        self.calls = 0
        if not self._refresh_token:
            raise ConsentNeeded(f"no refresh token in {store or 'SPOTIFY_REFRESH_TOKEN'}; {LOGIN}")

    def get_access_token(self, as_dict: bool = False) -> str:
        """The current token, refreshed in its last minute. Raises ConsentNeeded, AppRefused, Unreachable."""
        with self._one_at_a_time:
            if self._failed:
                raise self._failed
            if not self._access_token or time.monotonic() > self._expires_at:
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
        tries = Retrying(
            stop=stop_after_attempt(4),
            wait=wait_exponential_jitter(multiplier=self._pause_s, max=8),
            retry=retry_if_exception_type(NoAnswer),
            reraise=True,
        )
        try:
            answer = tries(self._ask)
        except NoAnswer as error:
            raise Unreachable(
                f"no answer from {self._url} ({error}); nothing is lost: check the network and run again"
            ) from None
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
        self.calls += 1
        try:
            hooks = {"response": within_deadline}
            answer = requests.post(self._url, data=form, auth=basic, timeout=TIMEOUT_S, hooks=hooks)
            body = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        if answer.status_code >= 500 or answer.status_code == 429 or not isinstance(body, dict):
            raise NoAnswer(f"status {answer.status_code}")
        if answer.status_code != 200 or "access_token" not in body:
            raise self._refusal(str(body.get("error")), str(body.get("error_description", "")))
        return body

    def _refusal(self, code: str, text: str) -> Exception:
        if code == "invalid_grant":
            cure = self._cure or (f"unset SPOTIFY_REFRESH_TOKEN, then {LOGIN}" if self._is_given else LOGIN)
            return ConsentNeeded(f"Spotify no longer accepts the consent ({text or code}); {cure}")
        if code == "invalid_client":
            return AppRefused(
                "Spotify does not know this client id and secret (invalid_client); check SPOTIFY_CLIENT_ID"
            )
        return AppRefused(f"the accounts service refused the refresh: {code} {text}")


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
