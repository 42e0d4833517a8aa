"""`make login` and `make logout`: what is checked first, what is kept, and the messages."""

import json
import webbrowser
from collections.abc import Callable

import pytest

from orchestration.exit_codes import Exit, exit_of
from orchestration.verbs import login as verbs
from pipelines.settings import BadSetting, load_settings
from pipelines.spotify.account import check_client_id
from pipelines.spotify.callback import listening
from pipelines.spotify.errors import AppRefused
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.token_store import token_store
from tests.account import Account
from tests.simulators.spotify.demo_server import CLIENT_ID


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


def test_a_user_who_is_not_on_the_apps_list_is_told_so_and_the_login_ends_with_5(
    account: Account, browser: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", browser)
    account.demo_server.switch(listed_user=False)
    with pytest.raises(AppRefused, match="the app does not list this Spotify user") as error:
        verbs.login(account.settings)
    assert exit_of(error.value) is Exit.CONFIGURATION
    assert "Premium" not in str(error.value)


@pytest.mark.parametrize("given", ["mine", "https://developer.spotify.com/dashboard/abc", "A" * 32, "a" * 31])
def test_a_client_id_of_another_form_is_refused_before_the_browser_opens(
    account: Account, port: int, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    settings = load_settings({"SPOTIFY_CLIENT_ID": given, "SPOTIFY_REDIRECT_PORT": str(port)}, account.folder)
    with pytest.raises(BadSetting, match="is no client id"):
        verbs.login(settings)
    with pytest.raises(BadSetting, match="is no client id"):
        check_client_id(given, settings)
    check_client_id("0123456789abcdef" * 2, settings)


def test_the_port_is_checked_before_the_client_id_is_asked(account: Account, port: int) -> None:
    settings = load_settings({"SPOTIFY_REDIRECT_PORT": str(port)}, account.folder)
    with listening(port), pytest.raises(BadSetting, match="SPOTIFY_REDIRECT_PORT"):
        verbs.login(settings)


def test_login_keeps_the_machines_time_zone_unless_one_is_set(
    account: Account, browser: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Asia/Tokyo")
    assert verbs.login(account.settings) == 0
    assert load_settings({}, account.folder).time_zone == "Asia/Tokyo"
    (account.folder / ".env").unlink()
    chosen = {
        "SPOTIFY_CLIENT_ID": CLIENT_ID,
        "TIME_ZONE": "UTC",
        "SPOTIFY_REDIRECT_PORT": str(account.settings.redirect_port),
    }
    addresses = {"SPOTIFY_API_URL": account.settings.api_url, "SPOTIFY_ACCOUNTS_URL": account.settings.accounts_url}
    assert verbs.login(load_settings(chosen | addresses, account.folder)) == 0
    assert not (account.folder / ".env").exists()


def test_a_text_browser_does_not_take_the_terminal(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.get", lambda: webbrowser.GenericBrowser("/usr/bin/w3m"))
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    verbs._show("http://127.0.0.1:1/authorize", account.settings)
