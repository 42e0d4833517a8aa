"""A failure of one endpoint stops its resource after four attempts. Other resources are read; the next run retries."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipelines.spotify import client
from pipelines.spotify.errors import AppRefused, ConsentNeeded, NothingRead, Unreachable
from pipelines.spotify.resources import RESOURCES
from tests.account import Account, report
from tests.simulators.spotify.demo_server import DemoServer

FAULTS: dict[str, dict[str, Any]] = {
    "503": {"status": 503},
    "502 in HTML": {"status": 502, "body": "<html>Bad gateway</html>"},
    "500 with a text instead of an object": {"status": 500, "body": {"error": "server_error"}},
    "200 in HTML": {"status": 200, "body": "<html></html>"},
    "200 with a list": {"status": 200, "body": [1]},
    "a truncated body": {"kind": "truncate"},
    "an empty body": {"kind": "empty"},
    "a dropped connection": {"kind": "drop"},
    "a slow answer": {"delay_s": 1.5},
}
TRIES = 4


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    return new_account(size=60, playlists=1)


@pytest.fixture(scope="module")
def loaded_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with DemoServer(size=60, playlists=1) as demo_server:
        account = Account(demo_server, tmp_path_factory.mktemp("account"))
        account.load()
        yield account


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_outage_costs_four_requests_and_two_probes_and_then_the_resource_stops(
    loaded_account: Account, fault: dict[str, Any], monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    if "delay_s" in fault:
        monkeypatch.setattr(client, "TIMEOUT_S", (5, 1))
    account = loaded_account
    before = account.state()["resources"]["saved_tracks"]
    account.demo_server.mutate("save")
    account.demo_server.fault("/v1/me/tracks", **fault)
    stopped = account.load()
    assert report(stopped, "saved_tracks").outcome == "stopped"
    assert account.asked()["me/tracks"] == report(stopped, "saved_tracks").calls == TRIES + 2
    assert len(waits) == TRIES - 1
    assert sum(waits) < 20
    assert {each.resource for each in stopped.reports if each.outcome == "stopped"} == {"saved_tracks"}
    assert account.state()["resources"]["saved_tracks"] == before
    account.demo_server.no_faults()
    healed = report(account.load(), "saved_tracks")
    assert (healed.outcome, healed.rows_new) == ("read", 1)


def test_a_failure_that_ends_within_four_attempts_does_not_stop_the_resource(
    account: Account, waits: list[float]
) -> None:
    account.demo_server.fault("/v1/me/*", status=503, times=3)
    loaded = account.load()
    assert {each.outcome for each in loaded.reports} == {"read"}
    assert len(waits) == 3


def test_an_access_token_that_expires_during_a_run_is_refreshed_once(new_account: Callable[..., Account]) -> None:
    account = new_account(size=400, playlists=1)
    expired = {"error": {"status": 401, "message": "The access token expired"}}
    account.demo_server.fault("/v1/me/tracks", status=401, body=expired, after=2, times=1)
    loaded = account.load()
    assert loaded.token_calls == 2
    assert account.asked()["me/tracks"] == 9
    assert {each.outcome for each in loaded.reports} == {"read"}
    assert len(account.current_keys("saved_tracks")) == 400


def test_a_token_that_is_refused_even_after_a_refresh_ends_the_run(account: Account) -> None:
    account.demo_server.fault("/v1/me/tracks", status=401)
    loaded = account.load()
    assert isinstance(loaded.ended, ConsentNeeded)
    assert account.asked()["me/tracks"] == 2
    assert account.rows("recently_played")


def test_if_the_consent_ends_during_a_run_the_rows_read_before_are_kept(account: Account) -> None:
    account.demo_server.fault("/v1/me/playlists", status=401)
    dead = {"error": "invalid_grant", "error_description": "Refresh token revoked"}
    account.demo_server.fault("/api/token", status=400, body=dead, after=1)
    loaded = account.load()
    assert isinstance(loaded.ended, ConsentNeeded)
    assert "Refresh token revoked" in str(loaded.ended)
    assert loaded.token_calls == 2
    assert len(account.rows("saved_tracks")) == 60
    after = loaded.reports[4:]
    assert {(each.outcome, each.calls) for each in after} == {("skipped", 0)}
    account.demo_server.no_faults()
    assert {each.outcome for each in account.load().reports} == {"read"}


def test_with_an_ended_consent_nothing_is_read(account: Account) -> None:
    account.demo_server.clock(days=200)
    with pytest.raises(ConsentNeeded, match=r"Refresh token expired.*make login"):
        account.load()
    assert account.demo_server.requests() == {"POST /api/token": 1}


@pytest.mark.parametrize(("switch", "message"), [("premium", "Active premium"), ("listed_user", "not registered")])
def test_an_app_that_spotify_refuses_ends_the_run_at_once(account: Account, switch: str, message: str) -> None:
    account.demo_server.switch(**{switch: False})
    with pytest.raises(AppRefused, match=message):
        account.load()
    assert account.asked() == {"me": 1}
    account.demo_server.switch(**{switch: True})
    assert {each.outcome for each in account.load().reports} == {"read"}


def test_if_premium_lapses_during_a_run_the_run_ends_and_keeps_the_rows_read_before(account: Account) -> None:
    account.demo_server.fault("/v1/me/albums", status=403, body="Active premium subscription required.")
    loaded = account.load()
    assert isinstance(loaded.ended, AppRefused)
    assert len(account.rows("saved_tracks")) == 60
    assert "me/shows" not in account.asked()


def test_a_profile_that_does_not_answer_ends_the_run(account: Account) -> None:
    account.demo_server.fault("/v1/me", status=503, times=TRIES)
    with pytest.raises(Unreachable, match="503"):
        account.load()
    account.demo_server.fault("/v1/me", status=429, times=1)
    with pytest.raises(NothingRead):
        account.load()
    assert {each.outcome for each in account.load().reports} == {"read"}


GRANTED = "user-library-read playlist-read-private"


def test_resources_whose_scope_was_not_granted_are_skipped_and_the_scope_is_named(account: Account) -> None:
    account.demo_server.switch(granted_scope=GRANTED)
    loaded = account.load()
    skipped = {each.resource: str(each.reason) for each in loaded.reports if each.outcome == "skipped"}
    assert set(skipped) == {each.name for each in RESOURCES if each.scope and each.scope not in GRANTED.split()}
    assert "user-read-recently-played" in skipped["recently_played"]
    assert not {"me/player/recently-played", "me/following", "me/top/artists"} & set(account.asked())
