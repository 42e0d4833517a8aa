"""How we speak to the Web API: spotipy underneath; our own retries, waits, bounds and count of calls on top."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import requests
import spotipy
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from pipelines.spotify.auth import TIMEOUT_S, Tokens
from pipelines.spotify.errors import AppRefused, BudgetSpent, ConsentNeeded, Locked, NoAnswer, Refused

Json = dict[str, Any]

SHORT_WAIT_S = 60
TRIES = 4
WAITS = 5

# spotipy logs bearer tokens at DEBUG, and at ERROR what is raised anyway.
logging.getLogger("spotipy.client").addFilter(lambda record: False)


class Spotify:
    """GET requests to the Web API, safe to use from several threads.

    `calls` counts every HTTP request by endpoint, repeats included. `on_wait` is told of every wait that Spotify asked
    for, in seconds.
    """

    def __init__(
        self,
        tokens: Tokens,
        api_url: str,
        max_calls: int | None = None,
        on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None,
        pause_s: float = 0.5,
    ) -> None:
        self.tokens = tokens
        self.calls: Counter[str] = Counter()
        self._api_url = api_url
        self._max_calls = max_calls
        self._on_wait = on_wait
        self._pause_s = pause_s
        self._mine = threading.local()
        self._counting = threading.Lock()

    def get(self, path: str, endpoint: str = "", **parameters: Any) -> Json:
        """One JSON object. `endpoint` is the name to count it under, when the path holds an id.

        Raises RunEnded or ListingStopped, by how far the trouble reaches.
        """
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential_jitter(multiplier=self._pause_s, max=8),
            retry=retry_if_exception_type(NoAnswer),
            reraise=True,
        )
        return tries(self._patiently, path, endpoint or path, parameters)

    def _patiently(self, path: str, endpoint: str, parameters: Json) -> Json:
        """One request; short waits that Spotify asks for are waited, an expired token is refreshed once."""
        refreshed = False
        for _ in range(WAITS):
            answer, body = self._request(path, endpoint, parameters)
            if answer.status_code == 401 and not refreshed:
                self.tokens.refused(self._mine.token)
                refreshed = True
            elif answer.status_code == 429:
                wait_s = _short_wait(answer, endpoint)
                self._on_wait(endpoint, wait_s)
                time.sleep(wait_s)
            elif body is None:
                raise _refusal(answer, endpoint)
            else:
                return body
        raise Locked(f"{endpoint}: asked to wait {WAITS} times in a row")

    def _request(self, path: str, endpoint: str, parameters: Json) -> tuple[requests.Response, Json | None]:
        client = self._client()
        self._count(endpoint)
        try:
            body = client._get(path, **parameters)
        except spotipy.SpotifyException:
            return self._mine.answer, None
        except requests.RequestException as error:
            raise NoAnswer(f"{endpoint}: {type(error).__name__}") from None
        except AttributeError:
            raise NoAnswer(f"{endpoint}: an error whose body is not the Web API's") from None
        if not isinstance(body, dict):
            raise NoAnswer(f"{endpoint}: a {self._mine.answer.status_code} whose body is no JSON object")
        return self._mine.answer, body

    def _count(self, endpoint: str) -> None:
        with self._counting:
            if self._max_calls is not None and self.calls.total() >= self._max_calls:
                raise BudgetSpent(f"MAX_CALLS={self._max_calls} requests were made")
            self.calls[endpoint] += 1

    def _client(self) -> spotipy.Spotify:
        """One spotipy client per thread: neither it nor a requests session may be shared."""
        if not hasattr(self._mine, "client"):
            session = requests.Session()
            session.hooks["response"].append(self._keep)
            self._mine.client = spotipy.Spotify(auth="-", requests_session=session, requests_timeout=TIMEOUT_S)
            self._mine.client.prefix = f"{self._api_url}/"
        self._mine.token = self.tokens.get_access_token()
        self._mine.client.set_auth(self._mine.token)
        return self._mine.client

    def _keep(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        self._mine.answer = answer


def _short_wait(answer: requests.Response, endpoint: str) -> float:
    """Seconds to wait before asking again. Raises Locked when the wait is long, untold, or a spent quota."""
    told = answer.headers.get("Retry-After", "")
    is_quota = "QUOTA_EXCEEDED" in answer.text
    if not told.isdigit():
        raise Locked(f"{endpoint}: {'quota spent' if is_quota else 'rate limit'}, no time told")
    seconds = int(told)
    if is_quota or seconds > SHORT_WAIT_S:
        raise Locked(f"{endpoint}: {'quota spent' if is_quota else 'rate limit'}, locked for {seconds} s", seconds)
    return max(seconds, 1)


def _refusal(answer: requests.Response, endpoint: str) -> Exception:
    """The error for an answer of 4xx or 5xx; no wording is matched, Spotify has changed it three times."""
    status, text = answer.status_code, answer.text.strip()[:300]
    if status >= 500:
        return NoAnswer(f"{endpoint}: status {status}")
    if status == 401:
        return ConsentNeeded(f"Spotify refuses the token for {endpoint} even after a refresh; run `make login`")
    try:
        text = answer.json()["error"]["message"]
    except (ValueError, LookupError, TypeError):
        if status == 403:
            # The one refusal that is no JSON: the owner's Premium has lapsed (spotipy #1233).
            return AppRefused(f"Spotify refuses the app: {text}")
    return Refused(f"{endpoint}: {status} {text}", status)
