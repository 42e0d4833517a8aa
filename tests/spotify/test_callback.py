"""The server that waits for the answer to a login: what it accepts, and what its page says."""

import socket
from collections.abc import Iterator

import pytest
import requests

from pipelines.spotify.callback import Callback, Verdict, listening, parameters, verdict


@pytest.fixture
def callback() -> Iterator[Callback]:
    with listening(0) as callback:
        yield callback


def page(callback: Callback, query: str, path: str = "/callback") -> str:
    return requests.get(f"http://127.0.0.1:{callback.server_port}{path}?{query}", timeout=5).text


def test_the_page_says_what_happened_to_the_login(callback: Callback) -> None:
    mine = f"&state={callback.state}"
    assert "Consent received" in page(callback, f"code=c{mine}")
    denied = page(callback, f"error=access_denied{mine}")
    assert "The login was denied" in denied
    assert "access_denied" in denied
    assert "not the login that is waiting" in page(callback, "code=c&state=older")
    assert "There is nothing here" in page(callback, "", "/favicon.ico")
    answers = [callback.answers.get_nowait() for _ in range(2)]
    assert [sorted(answer) for answer in answers] == [["code", "state"], ["error", "state"]]
    assert callback.answers.empty()


def test_the_page_shows_no_code_and_loads_nothing(callback: Callback) -> None:
    shown = page(callback, f"error=<script>alert(1)</script>&state={callback.state}&code=")
    assert "<script" not in shown
    assert "http" not in shown.replace("http://www.w3.org", "")
    assert "secret-code" not in page(callback, f"code=secret-code&state={callback.state}")


def test_silent_connections_hold_up_nobody(callback: Callback) -> None:
    silent = [socket.create_connection(("127.0.0.1", callback.server_port)) for _ in range(3)]
    assert "Consent received" in page(callback, f"code=c&state={callback.state}")
    for connection in silent:
        connection.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("http://127.0.0.1:8974/callback?code=c&state=mine", Verdict.GIVEN),
        ("  'http://127.0.0.1:8974/callback?code=c&state=mine' ", Verdict.GIVEN),
        ("code=c&state=mine", Verdict.GIVEN),
        ("http://127.0.0.1:8974/callback?error=access_denied&state=mine", Verdict.DENIED),
        ("http://127.0.0.1:8974/callback?code=c&state=other", Verdict.OTHER_LOGIN),
        ("http://127.0.0.1:8974/callback?code=c", Verdict.OTHER_LOGIN),
        ("https://accounts.spotify.com/authorize?client_id=x&state=mine", Verdict.NO_ANSWER),
        ("yes", Verdict.NO_ANSWER),
    ],
)
def test_a_pasted_address_is_judged_like_the_answer_of_a_browser(typed: str, found: Verdict) -> None:
    assert verdict(parameters(typed), "mine") is found
