"""The demo server through spotipy."""

from typing import Any

import pytest
import requests
import spotipy

from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

Json = dict[str, Any]

NOT_RETRIED = (999,)
"""A status that does not exist, so that spotipy retries no answer and raises every error with its headers."""


def spotify(demo_server: DemoServer, token: str | None = None) -> spotipy.Spotify:
    """A client with a token of the listener, or with another one."""
    client = spotipy.Spotify(auth=token or demo_server.access_token(), retries=0, status_forcelist=NOT_RETRIED)
    client.prefix = f"{demo_server.api_url}/"
    return client


def refusal(call: Any, *arguments: Any, **options: Any) -> tuple[int, str]:
    """Status and message of a call that must fail."""
    with pytest.raises(spotipy.SpotifyException) as caught:
        call(*arguments, **options)
    return caught.value.http_status, str(caught.value.msg).partition("\n ")[2]


def every_row(client: spotipy.Spotify, page: Json) -> list[Any]:
    """The rows of a page and of all that follow."""
    rows = list(page["items"])
    while page["next"]:
        page = client.next(page)
        rows += page["items"]
    return rows


def refreshed(demo_server: DemoServer, token: str = REFRESH_TOKEN) -> requests.Response:
    """A refresh with PKCE, which needs no secret."""
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": CLIENT_ID}
    return requests.post(f"{demo_server.accounts_url}/api/token", data=form, timeout=5)


def description(answer: requests.Response) -> tuple[int, str, str]:
    """The description in the answer to a refused grant."""
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]
