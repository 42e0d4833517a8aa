"""The Web API client: spotipy sends the requests; retries, waits and the call budget are ours."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
import spotipy

from pipelines.http.budget import CallBudget
from pipelines.http.causes import no_answer, unusable
from pipelines.http.retry import retrying
from pipelines.http.session import http_session
from pipelines.spotify.auth import TIMEOUT_S, Tokens
from pipelines.spotify.errors import ConsentNeeded, Locked, NoAnswer, Refused, app_refused

Json = dict[str, Any]

SHORT_WAIT_S = 60
TRIES = 4
WAITS = 5

# spotipy logs bearer tokens at DEBUG, so its log is switched off. Its errors are also raised, so none is lost.
logging.getLogger("spotipy.client").addFilter(lambda record: False)


class SpotifyClient:
    """GET requests to the Web API. Several threads may use one client.

    `budget` counts every request, repeats included. `on_wait` is called with the endpoint and the seconds before
    each wait that Spotify asks for.
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
        self.budget = CallBudget(max_calls)
        self._api_url = api_url
        self._on_wait = on_wait
        self._pause_s = pause_s
        self._mine = threading.local()

    def get(
        self, path: str, endpoint: str = "", resource: str = "", tries: int | None = None, **parameters: Any
    ) -> Json:
        """Request one JSON object. `endpoint` names the path in counts and messages when the path holds an id.

        `resource` is the resource that the request is counted for. `tries` bounds the attempts.

        Raises RunEnded or ResourceStopped.
        """
        endpoint = endpoint or path
        return retrying(NoAnswer, tries or TRIES, self._pause_s)(
            self._get_patiently, path, endpoint, resource or endpoint, parameters
        )

    def _get_patiently(self, path: str, endpoint: str, resource: str, parameters: Json) -> Json:
        """Send one request. Waits when Spotify asks for a short wait, and refreshes an expired token once."""
        refreshed = False
        for _ in range(WAITS):
            self.budget.spend(endpoint, resource)
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
        try:
            body = client._get(path, **parameters)
        except spotipy.SpotifyException:
            return self._mine.answer, None
        except (OSError, ValueError) as error:
            raise NoAnswer(f"{endpoint}: {no_answer(self._api_url, error)}") from None
        except RecursionError:
            raise NoAnswer(f"{endpoint}: JSON that is nested too deeply") from None
        except AttributeError:
            raise NoAnswer(f"{endpoint}: {unusable(self._mine.answer)}") from None
        if not isinstance(body, dict):
            raise NoAnswer(f"{endpoint}: {unusable(self._mine.answer)}")
        return self._mine.answer, body

    def _client(self) -> spotipy.Spotify:
        """The spotipy client of this thread. Threads cannot share one, nor a requests session."""
        if not hasattr(self._mine, "client"):
            session = http_session()
            session.hooks["response"].append(self._keep)
            self._mine.client = spotipy.Spotify(auth="-", requests_session=session, requests_timeout=TIMEOUT_S)
            self._mine.client.prefix = f"{self._api_url}/"
        self._mine.token = self.tokens.get_access_token()
        self._mine.client.set_auth(self._mine.token)
        return self._mine.client

    def _keep(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        self._mine.answer = answer


def _short_wait(answer: requests.Response, endpoint: str) -> float:
    """Seconds to wait before the next request. Raises Locked for a long wait, an unknown wait and a spent quota."""
    retry_after = answer.headers.get("Retry-After", "")
    is_quota = "QUOTA_EXCEEDED" in answer.text
    if not retry_after.isdigit():
        raise Locked(f"{endpoint}: {'quota spent' if is_quota else 'rate limit'}, Spotify names no time")
    seconds = int(retry_after)
    if is_quota or seconds > SHORT_WAIT_S:
        raise Locked(f"{endpoint}: {'quota spent' if is_quota else 'rate limit'}, locked for {seconds} s", seconds)
    return max(seconds, 1)


def _refusal(answer: requests.Response, endpoint: str) -> Exception:
    """The error for a 4xx or 5xx answer. It does not depend on the wording, which Spotify has changed three times."""
    status, text = answer.status_code, answer.text.strip()[:300]
    if status >= 500:
        return NoAnswer(f"{endpoint}: status {status}")
    if status == 401:
        return ConsentNeeded(f"Spotify refuses the token for {endpoint} even after a refresh; run `make login`")
    try:
        text = answer.json()["error"]["message"]
    except (ValueError, LookupError, TypeError):
        if status == 403 and "premium" in text.lower():
            # Spotify's only refusal that is not JSON (spotipy issue 1233). All others come from a proxy or a filter.
            return app_refused(text)
        return NoAnswer(f"{endpoint}: {unusable(answer)}")
    return Refused(f"{endpoint}: {status} {text}", status)
