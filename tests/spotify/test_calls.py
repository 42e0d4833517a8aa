"""The exact number of calls of a run, counted by the demo server."""

from collections.abc import Callable, Iterator
from math import ceil

import pytest

from tests.account import Account, new_rows, report
from tests.simulators.spotify.demo_server import DemoServer

NO_CHANGE = {"me": 1, "me/player/recently-played": 1, "me/tracks": 1, "me/playlists": 1}
DAILY = {"me/albums", "me/shows", "me/episodes", "me/audiobooks", "me/following"}
TOP = {"me/top/artists": 3, "me/top/tracks": 3}


@pytest.fixture(scope="module")
def loaded_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """An account with 120 saved tracks and 60 playlists after one load."""
    with DemoServer(size=120, playlists=60, playlist_items=3) as demo_server:
        account = Account(demo_server, tmp_path_factory.mktemp("account"))
        account.load()
        yield account


def test_a_first_load_requests_each_page_once(new_account: Callable[..., Account]) -> None:
    account = new_account(size=10_000, playlists=100, playlist_items=100)
    loaded = account.load()
    asked, per_playlist = account.asked(), account.items_asked()
    assert asked["me/tracks"] == 200
    assert asked["me/playlists"] == 2
    assert asked["me/albums"] == ceil(501 / 50)
    assert asked["me/following"] == 1000 / 50
    assert {path: asked[path] for path in TOP} == TOP
    totals = dict(account.query("select playlist_id, items_total from {playlist_snapshots} where outcome = 'read'"))
    assert len(totals) == 96
    refused = {row["playlist_id"]: 1 for row in account.rows("playlist_snapshots", "outcome = 'refused'")}
    assert per_playlist == {playlist: max(1, ceil(total / 50)) for playlist, total in totals.items()} | refused
    assert sum(loaded.calls.values()) == sum(asked.values())
    assert loaded.token_calls == account.demo_server.requests()["POST /api/token"] == 1
    assert len(account.rows("saved_tracks")) == 10_000


def test_a_run_without_changes_makes_only_the_calls_that_show_that_nothing_changed(loaded_account: Account) -> None:
    loaded = loaded_account.load()
    assert loaded_account.asked() == NO_CHANGE | {"me/playlists": 2}
    assert new_rows(loaded) == {}


def test_the_run_counts_the_same_calls_as_the_server(loaded_account: Account) -> None:
    loaded = loaded_account.load()
    assert loaded.calls == loaded_account.asked()
    assert sum(each.calls for each in loaded.reports) == sum(loaded.calls.values())
    assert loaded.token_calls == loaded_account.demo_server.requests()["POST /api/token"] == 1


def test_one_new_save_costs_one_call(loaded_account: Account) -> None:
    saved = loaded_account.demo_server.mutate("save")
    loaded = loaded_account.load()
    assert loaded_account.asked()["me/tracks"] == 1
    assert report(loaded, "saved_tracks").rows_new == 1
    assert saved["id"] in {row["track_id"] for row in loaded_account.rows("saved_tracks")}


def test_more_new_saves_than_a_page_holds_cost_one_page_more(loaded_account: Account) -> None:
    for _ in range(60):
        loaded_account.demo_server.mutate("save")
    loaded = loaded_account.load()
    assert loaded_account.asked()["me/tracks"] == 2
    assert report(loaded, "saved_tracks").rows_new == 60


def test_only_the_playlist_that_changed_is_read_again(loaded_account: Account) -> None:
    changed = loaded_account.demo_server.mutate("add_item", playlist=4)
    loaded_account.load()
    assert loaded_account.items_asked() == {changed["id"]: 1}


def test_the_daily_lists_are_read_again_a_day_later(loaded_account: Account) -> None:
    loaded_account.demo_server.clock(hours=12)
    loaded_account.load()
    assert not (DAILY | set(TOP)) & set(loaded_account.asked())
    loaded_account.demo_server.clock(hours=12)
    loaded_account.load()
    asked = loaded_account.asked()
    assert set(asked) >= DAILY
    assert {path: asked[path] for path in TOP} == TOP


def test_full_reads_every_list_completely_again(loaded_account: Account) -> None:
    loaded_account.load()
    loaded = loaded_account.load(full=True)
    asked = loaded_account.asked()
    assert set(asked) >= DAILY | set(TOP)
    assert asked["me/tracks"] == ceil((report(loaded, "saved_tracks").total or 0) / 50)
    assert report(loaded, "saved_tracks").is_proved
    assert len(loaded_account.items_asked()) == len(loaded_account.current_keys("playlists"))
