"""The consent in the browser or by a pasted address, and the tokens for it."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import requests

from pipelines.settings import BadSetting
from pipelines.spotify.callback import listening
from pipelines.spotify.login import LoginFailed, Question, authorize, redirect_address
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, DemoServer


def ask(
    demo_server: DemoServer, port: int, show: Callable[[str], None], secret: str = "", **options: Any
) -> dict[str, Any]:
    with listening(port) as callback:
        return authorize(Question(CLIENT_ID, secret, demo_server.accounts_url, callback), show, **options)


def test_a_consent_gives_tokens_that_work_without_a_secret(
    demo_server: DemoServer, port: int, browser: Callable[[str], None]
) -> None:
    answer = ask(demo_server, port, browser)
    assert answer["refresh_token"].startswith("demo-refresh-")
    assert "user-library-read" in answer["scope"].split()
    asked = demo_server.request_log()[0]["query"]
    assert "code_challenge_method=S256" in asked
    assert f"127.0.0.1%3A{port}%2Fcallback" in asked
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert requests.get(f"{demo_server.api_url}/me", headers=bearer, timeout=5).status_code == 200


def test_a_client_with_a_secret_can_log_in(demo_server: DemoServer, port: int, browser: Callable[[str], None]) -> None:
    assert ask(demo_server, port, browser, CLIENT_SECRET)["refresh_token"]


def test_a_denied_login_is_reported(demo_server: DemoServer, port: int, browser: Callable[[str], None]) -> None:
    demo_server.switch(deny=True)
    with pytest.raises(LoginFailed, match=r"denied.*access_denied"):
        ask(demo_server, port, browser)
    assert "POST /api/token" not in demo_server.requests()


def test_a_port_in_use_is_reported_before_the_browser_opens(demo_server: DemoServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BadSetting, match="SPOTIFY_REDIRECT_PORT"):
            ask(demo_server, taken.getsockname()[1], pytest.fail)


def test_an_answer_with_another_state_or_to_another_path_is_ignored(
    demo_server: DemoServer, port: int, browser: Callable[..., None]
) -> None:
    stray = (f"{redirect_address(port)}?code=stolen&state=other", f"http://127.0.0.1:{port}/favicon.ico")
    answer = ask(demo_server, port, lambda address: browser(*stray, address))
    assert answer["refresh_token"]


def test_no_answer_in_time_ends_the_login(demo_server: DemoServer, port: int) -> None:
    with pytest.raises(LoginFailed, match="no answer within"):
        ask(demo_server, port, lambda address: None, patience_s=0.2)


@pytest.mark.parametrize(
    "fault", [{"status": 503, "body": "<html>"}, {"status": 400, "body": {"error": "invalid_grant"}}]
)
def test_a_token_endpoint_that_gives_no_tokens_fails_the_login(
    demo_server: DemoServer, port: int, browser: Callable[[str], None], fault: dict[str, object]
) -> None:
    demo_server.fault("/api/token", **fault)
    with pytest.raises(LoginFailed):
        ask(demo_server, port, browser)


def test_an_answer_without_a_refresh_token_fails_the_login(
    demo_server: DemoServer, port: int, browser: Callable[[str], None]
) -> None:
    demo_server.switch(omit_refresh_token=True)
    with pytest.raises(LoginFailed):
        ask(demo_server, port, browser)


def test_an_address_that_is_pasted_completes_the_login_and_a_wrong_one_is_explained(
    demo_server: DemoServer, port: int
) -> None:
    asked: list[str] = []
    told: list[str] = []
    pasted: list[str] = []

    def show(address: str) -> None:
        asked.append(address)
        found = requests.get(address, allow_redirects=False, timeout=5).headers["location"]
        pasted.extend([address, "what now?", f"{redirect_address(port)}?code=c&state=older", "", found])

    answer = ask(demo_server, port, show, typed=lambda: pasted.pop(0), tell=told.append)
    assert answer["refresh_token"]
    assert [line.split()[0:5] for line in told] == [
        ["This", "is", "the", "address", "of"],
        ["Paste", "the", "whole", "address", "from"],
        ["This", "address", "answers", "another", "login."],
    ]


def test_a_pasted_denial_ends_the_login(demo_server: DemoServer, port: int) -> None:
    with listening(port) as callback:
        question = Question(CLIENT_ID, "", demo_server.accounts_url, callback)
        typed = f"{redirect_address(port)}?error=access_denied&state={callback.state}"
        with pytest.raises(LoginFailed, match="nothing was changed"):
            authorize(question, lambda address: None, lambda: typed)
