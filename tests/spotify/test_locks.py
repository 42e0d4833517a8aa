"""A rate-limit lock stops only its group of endpoints, and no request is sent to the group before the lock ends."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.account import Account, report
from tests.simulators.spotify.demo_server import DemoServer

QUOTA = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}
LOCKS: dict[str, dict[str, Any]] = {
    "a spent quota": {"body": QUOTA, "headers": {"Retry-After": "7200"}},
    "a spent quota with a short time": {"body": QUOTA, "headers": {"Retry-After": "3"}},
    "a long rate limit": {"body": RATE, "headers": {"Retry-After": "61"}},
    "a rate limit without a time": {"body": RATE},
    "a date instead of seconds": {"body": RATE, "headers": {"Retry-After": "Mon, 02 Nov 2026 09:00:00 GMT"}},
}


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    return new_account(size=60, playlists=1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with DemoServer(size=60, playlists=1) as demo_server:
        yield Account(demo_server, tmp_path_factory.mktemp("shared"))


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_lock_stops_its_resource_at_once_and_the_others_are_read(
    shared: Account, lock: dict[str, Any], waits: list[float]
) -> None:
    shared.demo_server.clock(days=3)
    shared.demo_server.fault("/v1/me/albums", status=429, times=1, **lock)
    loaded = shared.load()
    stopped = report(loaded, "saved_albums")
    assert (stopped.outcome, stopped.calls) == ("stopped", 1)
    assert stopped.not_before is not None
    assert {each.resource for each in loaded.reports if each.outcome in ("stopped", "skipped")} == {"saved_albums"}
    assert waits == []


def test_a_locked_resource_is_requested_again_only_after_the_lock(account: Account) -> None:
    account.demo_server.quota("saved-tracks", calls=1, retry_after_s=7200)
    not_before = report(account.load(), "saved_tracks").not_before
    assert not_before is not None
    account.demo_server.clock(minutes=110)
    loaded = account.load()
    assert (report(loaded, "saved_tracks").outcome, report(loaded, "saved_tracks").not_before) == (
        "skipped",
        not_before,
    )
    assert f"{not_before:%Y-%m-%d %H:%M}" in str(report(loaded, "saved_tracks").reason)
    assert "me/tracks" not in account.asked()
    account.demo_server.clock(minutes=10)
    assert report(account.load(), "saved_tracks").outcome == "read"
    assert len(account.current_keys("saved_tracks")) == 60


def test_a_lock_of_one_top_list_stops_the_other_too(account: Account) -> None:
    account.demo_server.quota("top", calls=1)
    loaded = account.load()
    assert report(loaded, "top_artists").outcome == "stopped"
    assert (report(loaded, "top_tracks").outcome, report(loaded, "top_tracks").calls) == ("skipped", 0)
    account.demo_server.clock(days=1)
    loaded = account.load()
    assert account.asked()["me/top/artists"] == 3


def test_a_lock_survives_a_move_to_another_machine(account: Account) -> None:
    account.demo_server.quota("library", calls=0)
    account.load()
    account.moves_to_another_machine()
    loaded = account.load()
    assert report(loaded, "saved_albums").outcome == "skipped"


def test_a_lock_without_a_time_starts_at_one_hour_and_doubles_until_a_request_succeeds(account: Account) -> None:
    account.demo_server.fault("/v1/me/shows", status=429, body=QUOTA, times=3)
    waited = []
    for _ in range(3):
        now = account.ready().now + dt.timedelta(seconds=1)
        not_before = report(account.load(), "saved_shows").not_before
        assert not_before is not None
        waited.append((not_before - now).total_seconds() / 3600)
        account.demo_server.clock(hours=waited[-1])
    assert waited == [1, 2, 4]
    assert report(account.load(), "saved_shows").outcome == "read"
    account.demo_server.fault("/v1/me/shows", status=429, body=QUOTA, times=1)
    account.demo_server.clock(days=1)
    now = account.ready().now + dt.timedelta(seconds=1)
    assert report(account.load(), "saved_shows").not_before == now + dt.timedelta(hours=1)


@pytest.mark.parametrize(("retry_after", "waited"), [("2", 2), ("60", 60), ("0", 1)])
def test_the_client_waits_when_retry_after_is_short(
    account: Account, waits: list[float], retry_after: str, waited: float
) -> None:
    account.demo_server.fault("/v1/me/tracks", status=429, body=RATE, headers={"Retry-After": retry_after}, times=2)
    loaded = account.load()
    assert waits == [waited, waited]
    assert report(loaded, "saved_tracks").outcome == "read"
    assert account.asked()["me/tracks"] == report(loaded, "saved_tracks").calls == 4


def test_a_short_retry_after_that_never_ends_counts_as_a_lock(account: Account, waits: list[float]) -> None:
    account.demo_server.fault("/v1/me/tracks", status=429, body=RATE, headers={"Retry-After": "1"})
    found = report(account.load(), "saved_tracks")
    assert (found.outcome, found.calls, len(waits)) == ("stopped", 5, 5)
    assert found.not_before is not None


def test_a_run_stops_at_its_budget_of_calls_and_reports_it(account: Account) -> None:
    loaded = account.load(max_calls=5)
    assert sum(loaded.calls.values()) == sum(account.asked().values()) == 5
    stopped = {each.resource for each in loaded.reports if "MAX_CALLS=5" in str(each.reason)}
    assert {"saved_albums", "top_tracks"} <= stopped
    assert report(loaded, "saved_albums").not_before is None
