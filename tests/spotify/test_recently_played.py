"""Recently played has 50 plays. If plays may be missing between two runs, the gap is recorded."""

from collections.abc import Callable

import pytest

from tests.account import Account, report


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    return new_account(size=20, playlists=0)


def test_more_than_fifty_plays_since_the_last_run_are_a_recorded_gap(account: Account) -> None:
    first = report(account.load(), "recently_played")
    assert (first.gap_from, first.rows_new) == (None, 50)
    account.demo_server.clock(days=2)
    second = report(account.load(), "recently_played")
    assert (second.gap_from, second.gap_until) == (first.newest_at, second.oldest_at)
    recorded = account.rows("resource_runs", "resource = 'recently_played' and gap_from is not null")
    assert [(row["gap_from"], row["gap_until"]) for row in recorded] == [(second.gap_from, second.gap_until)]


def test_a_page_that_reaches_the_last_known_play_is_no_gap(account: Account) -> None:
    for _ in range(3):
        found = report(account.load(), "recently_played")
        assert (found.gap_from, found.gap_until) == (None, None)
        account.demo_server.clock(hours=1)
    plays = account.rows("recently_played")
    assert len(plays) == len({row["played_at"] for row in plays})


def test_a_gap_is_recorded_once(account: Account) -> None:
    account.load()
    account.demo_server.clock(days=2)
    account.load()
    account.demo_server.clock(hours=1)
    assert report(account.load(), "recently_played").gap_from is None


def test_a_late_play_older_than_the_newest_known_play_is_found(account: Account) -> None:
    account.load()
    late = account.demo_server.mutate("play", played_at="2026-11-01T20:59:59.123Z")
    account.demo_server.clock(hours=1)
    account.load()
    found = account.rows("recently_played", "played_at = '2026-11-01 20:59:59.123'")
    assert [row["track_id"] for row in found] == [late["id"]]


def test_older_pages_are_read_as_long_as_spotify_names_one(account: Account) -> None:
    account.demo_server.mutate("poison", path="/v1/me/player/recently-played", field="next", value="older")
    loaded = account.load()
    assert account.asked()["me/player/recently-played"] == 2
    before = account.demo_server.request_log()[3]["query"]
    oldest = report(loaded, "recently_played").oldest_at
    assert oldest is not None
    assert f"before={int(oldest.timestamp() * 1000)}" in before or "before=" in before
    account.load()
    assert account.asked()["me/player/recently-played"] == 1


def test_the_cursor_keeps_milliseconds(account: Account) -> None:
    loaded = account.load()
    newest = report(loaded, "recently_played").newest_at
    assert newest is not None
    assert account.state()["resources"]["recently_played"]["newest_at"] == newest.isoformat()
    assert max(row["played_at"] for row in account.rows("recently_played")) == newest


def test_an_account_without_plays_loads(account: Account) -> None:
    account.demo_server.mutate("poison", path="/v1/me/player/recently-played", field="items", value=[])
    account.demo_server.mutate("poison", path="/v1/me/player/recently-played", field="cursors", value=None)
    found = report(account.load(), "recently_played")
    assert (found.outcome, found.rows_read, found.newest_at) == ("read", 0, None)
    account.demo_server.mutate("heal")
    assert report(account.load(), "recently_played").rows_new == 50


def test_the_context_of_a_play_is_kept(account: Account) -> None:
    account.load()
    kinds = {row["context_type"] for row in account.rows("recently_played")}
    assert kinds & {"album", "artist", "playlist", "collection"}
