"""`make login`: the consent in the browser, the stored tokens and the messages."""

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import requests

from orchestration.exit_codes import Exit, exit_of
from orchestration.verbs import login as verbs
from pipelines.settings import BadSetting, load_settings
from pipelines.spotify.login import LoginFailed, authorize, redirect_address
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.token_store import token_store
from tests.account import Account
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, DemoServer


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def browser() -> Iterator[Callable[[str], None]]:
    """Opens an address in a thread, as a user's browser does while the login waits."""
    threads: list[threading.Thread] = []

    def opens(*addresses: str) -> None:
        def go() -> None:
            for address in addresses:
                requests.get(address, timeout=5)

        threads.append(threading.Thread(target=go))
        threads[-1].start()

    yield opens
    for thread in threads:
        thread.join(10)


def test_a_consent_gives_tokens_that_work_without_a_secret(
    demo_server: DemoServer, port: int, browser: Callable[[str], None]
) -> None:
    answer = authorize(CLIENT_ID, "", demo_server.accounts_url, port, browser)
    assert answer["refresh_token"].startswith("demo-refresh-")
    assert "user-library-read" in answer["scope"].split()
    asked = demo_server.request_log()[0]["query"]
    assert "code_challenge_method=S256" in asked
    assert f"127.0.0.1%3A{port}%2Fcallback" in asked
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert requests.get(f"{demo_server.api_url}/me", headers=bearer, timeout=5).status_code == 200


def test_a_client_with_a_secret_can_log_in(demo_server: DemoServer, port: int, browser: Callable[[str], None]) -> None:
    assert authorize(CLIENT_ID, CLIENT_SECRET, demo_server.accounts_url, port, browser)["refresh_token"]


def test_a_denied_login_is_reported(demo_server: DemoServer, port: int, browser: Callable[[str], None]) -> None:
    demo_server.switch(deny=True)
    with pytest.raises(LoginFailed, match=r"denied.*access_denied"):
        authorize(CLIENT_ID, "", demo_server.accounts_url, port, browser)
    assert "POST /api/token" not in demo_server.requests()


def test_a_port_in_use_is_reported_before_the_browser_opens(demo_server: DemoServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BadSetting, match="SPOTIFY_REDIRECT_PORT"):
            authorize(CLIENT_ID, "", demo_server.accounts_url, taken.getsockname()[1], pytest.fail)


def test_an_answer_with_another_state_or_to_another_path_is_ignored(
    demo_server: DemoServer, port: int, browser: Callable[..., None]
) -> None:
    stray = (f"{redirect_address(port)}?code=stolen&state=other", f"http://127.0.0.1:{port}/favicon.ico")
    answer = authorize(CLIENT_ID, "", demo_server.accounts_url, port, lambda address: browser(*stray, address))
    assert answer["refresh_token"]


def test_no_answer_in_time_ends_the_login(demo_server: DemoServer, port: int) -> None:
    with pytest.raises(LoginFailed, match="no answer within"):
        authorize(CLIENT_ID, "", demo_server.accounts_url, port, lambda address: None, patience_s=0.2)


@pytest.mark.parametrize(
    "fault", [{"status": 503, "body": "<html>"}, {"status": 400, "body": {"error": "invalid_grant"}}]
)
def test_a_token_endpoint_that_gives_no_tokens_fails_the_login(
    demo_server: DemoServer, port: int, browser: Callable[[str], None], fault: dict[str, object]
) -> None:
    demo_server.fault("/api/token", **fault)
    with pytest.raises(LoginFailed):
        authorize(CLIENT_ID, "", demo_server.accounts_url, port, browser)


def test_an_answer_without_a_refresh_token_fails_the_login(
    demo_server: DemoServer, port: int, browser: Callable[[str], None]
) -> None:
    demo_server.switch(omit_refresh_token=True)
    with pytest.raises(LoginFailed):
        authorize(CLIENT_ID, "", demo_server.accounts_url, port, browser)


@pytest.fixture
def account(new_account: Callable[..., Account], port: int) -> Account:
    account = new_account(size=10, playlists=0)
    given = {
        "SPOTIFY_CLIENT_ID": CLIENT_ID,
        "SPOTIFY_API_URL": account.demo_server.api_url,
        "SPOTIFY_ACCOUNTS_URL": account.demo_server.accounts_url,
        "SPOTIFY_REDIRECT_PORT": str(port),
    }
    account.settings = load_settings(given, account.folder)
    return account


def test_login_stores_tokens_that_the_next_run_uses(
    account: Account,
    browser: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("webbrowser.open", browser)
    assert verbs.login(account.settings) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "logged in as Demo Listener" in printed
    assert "not granted" not in printed
    assert account.token_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(account.token_file.read_text())["account"] == "Demo Listener"
    account.settings = load_settings({"SPOTIFY_API_URL": account.settings.api_url}, account.folder)
    assert not account.settings.is_demo


def test_login_prints_the_scopes_that_were_not_granted(
    account: Account,
    browser: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("webbrowser.open", browser)
    granted = "user-library-read user-top-read user-follow-read playlist-read-private"
    account.demo_server.switch(granted_scope=granted)
    assert verbs.login(account.settings) == 0
    assert "not granted: playlist-read-collaborative, user-read-playback-position" in capsys.readouterr().out
    missing = {each.name for each in RESOURCES if each.scope and each.scope not in granted.split()}
    assert {each.resource for each in account.load().reports if each.outcome == "skipped"} == missing


def test_login_without_a_client_id_prints_how_to_get_one(account: Account, port: int) -> None:
    settings = load_settings({"SPOTIFY_REDIRECT_PORT": str(port)}, account.folder)
    with pytest.raises(BadSetting, match=rf"SPOTIFY_CLIENT_ID.*{port}/callback") as error:
        verbs.login(settings)
    assert exit_of(error.value) is Exit.CONFIGURATION


def test_logout_deletes_only_the_tokens(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    token_store(str(account.token_file)).write({"client_id": CLIENT_ID, "refresh_token": "any"})
    beside = account.token_file.with_name("kept")
    beside.touch()
    assert verbs.logout(account.settings) == 0
    assert not account.token_file.exists()
    assert beside.exists()
    assert "SPOTIFY_CLIENT_ID" in capsys.readouterr().out
    assert verbs.logout(account.settings) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_login_replaces_a_token_file_that_cannot_be_read(account: Account, port: int) -> None:
    account.token_file.parent.mkdir(parents=True, exist_ok=True)
    account.token_file.write_text("junk")
    settings = load_settings({"SPOTIFY_REDIRECT_PORT": str(port)}, account.folder)
    with pytest.raises(BadSetting, match="SPOTIFY_CLIENT_ID is not set"):
        verbs.login(settings)
