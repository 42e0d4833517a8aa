"""A complete read proves a removal. A newest-first read stops early only if its rows explain `total`."""

from collections.abc import Callable

import pytest

from tests.account import Account, report


def address(saved: dict[str, str]) -> str:
    return f"spotify:track:{saved['id']}"


def test_a_removed_save_gets_one_tombstone_after_a_complete_read(account: Account) -> None:
    account.load()
    removed = address(account.demo_server.mutate("unsave", index=70))
    loaded = account.load()
    found = report(loaded, "saved_tracks")
    assert (found.calls, found.is_whole, found.is_proved, found.rows_removed, found.rows_new) == (4, True, True, 1, 0)
    marked = account.rows("saved_tracks", "is_removed")
    assert [row["track_uri"] for row in marked] == [removed]
    account.load()
    assert account.asked()["me/tracks"] == 1
    assert len(account.rows("saved_tracks", "is_removed")) == 1


def test_a_row_missed_between_two_pages_does_not_get_a_tombstone(account: Account) -> None:
    account.load()
    later = {"path": "/v1/me/tracks", "calls": 1}
    account.demo_server.mutate("unsave", index=20, when=later)
    account.demo_server.mutate("save", added_at="2020-01-01T00:00:00Z", when=later)
    found = report(account.load(full=True), "saved_tracks")
    assert (found.total, found.is_proved, found.rows_removed) == (120, False, 0)
    again = report(account.load(), "saved_tracks")
    assert (again.is_whole, again.is_proved, again.rows_removed) == (True, True, 1)
    assert len(account.current_keys("saved_tracks")) == again.total


def test_a_save_that_was_removed_and_saved_again_is_current_again(account: Account) -> None:
    account.load()
    removed = account.demo_server.mutate("unsave", index=5)["id"]
    account.load()
    account.demo_server.mutate("save", id=removed)
    account.load()
    found = account.rows("saved_tracks", f"track_uri = 'spotify:track:{removed}'")
    assert [row["is_removed"] for row in found] == [False, True, False]


def test_a_save_with_an_older_date_is_found_far_down_in_the_list(account: Account) -> None:
    account.load()
    saved_late = account.demo_server.mutate("save", added_at="2019-01-01T00:00:00Z")
    loaded = account.load()
    assert report(loaded, "saved_tracks").calls == 3
    assert report(loaded, "saved_tracks").is_proved
    found = account.rows("saved_tracks", f"track_id = '{saved_late['id']}'")
    assert [str(row["added_at"]) for row in found] == ["2019-01-01 00:00:00"]


def test_one_removed_and_one_added_save_are_both_found(account: Account) -> None:
    account.load()
    tombstones = address(account.demo_server.mutate("unsave", index=100))
    come = address(account.demo_server.mutate("save"))
    loaded = account.load()
    assert report(loaded, "saved_tracks").is_proved
    assert tombstones not in account.current_keys("saved_tracks")
    assert come in account.current_keys("saved_tracks")


def test_a_newest_first_list_is_read_completely_every_seven_days(account: Account) -> None:
    account.load()
    account.demo_server.clock(days=6, hours=23)
    account.load()
    account.demo_server.clock(hours=2)
    loaded = account.load()
    assert report(loaded, "saved_tracks").is_proved


def test_elements_that_are_null_or_have_no_key_are_counted_and_explain_the_total(
    new_account: Callable[..., Account],
) -> None:
    account = new_account(size=200)
    account.demo_server.mutate("poison", path="/v1/me/tracks", index=60, value=None)
    account.demo_server.mutate("poison", path="/v1/me/tracks", index=61, field="track", value=None)
    loaded = account.load()
    counts = {each.resource: (each.rows_null, each.rows_unkeyed) for each in loaded.reports}
    assert counts["saved_tracks"] == (1, 1)
    assert counts["saved_albums"] == (1, 0)
    assert counts["saved_episodes"] == (0, 1)
    assert report(loaded, "saved_albums").is_proved
    assert len(account.current_keys("saved_tracks")) == 198
    account.load()
    assert account.asked()["me/tracks"] == 1


def test_a_short_page_before_the_last_does_not_end_the_read(new_account: Callable[..., Account]) -> None:
    account = new_account(size=400)
    account.demo_server.switch(short_pages=True)
    found = report(account.load(), "saved_tracks")
    assert (found.total, found.outcome, found.is_proved) == (413, "unfinished", False)
    assert "Spotify sent 400 rows of 413" in str(found.reason)
    assert len(account.current_keys("saved_tracks")) == 400
    # The second read shows the same rows, so the other 13 are rows that Spotify counts and never sends.
    found = report(account.load(), "saved_tracks")
    assert (found.calls, found.outcome, found.is_proved) == (9, "read", True)
    account.load()
    assert account.asked()["me/tracks"] == 1


def test_a_withdrawn_path_in_next_is_not_requested(new_account: Callable[..., Account]) -> None:
    account = new_account(playlists=60, playlist_items=2)
    account.demo_server.switch(users_path_in_next=True)
    loaded = account.load()
    assert account.asked()["me/playlists"] == 2
    assert report(loaded, "playlists").is_proved
    assert not [path for path in account.asked() if path.startswith("users/")]


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    return new_account(playlists=0)


@pytest.mark.parametrize("op", ["unsave", "save"])
def test_a_library_that_changes_between_two_pages_gets_no_tombstones(account: Account, op: str) -> None:
    account.load()
    before = account.current_keys("saved_tracks")
    account.demo_server.clock(days=8)
    account.demo_server.mutate(op, when={"path": "/v1/me/tracks", "calls": 1})
    loaded = account.load()
    found = report(loaded, "saved_tracks")
    assert not found.is_proved
    assert found.rows_removed == 0
    assert before <= account.current_keys("saved_tracks")
    loaded = account.load()
    assert report(loaded, "saved_tracks").is_proved
    assert len(account.current_keys("saved_tracks")) == report(loaded, "saved_tracks").total


def test_a_list_is_read_completely_at_most_four_times_a_day(account: Account) -> None:
    account.load()
    calls = []
    for _ in range(4):
        account.demo_server.clock(minutes=30)
        account.demo_server.mutate("unsave", index=80)
        loaded = account.load()
        calls.append(account.asked()["me/tracks"])
    # Three pages, and the first again to check that the list did not change; in the last run only the first page.
    assert calls == [4, 4, 4, 1]
    assert "complete read waits for tomorrow" in str(report(loaded, "saved_tracks").reason)
    account.demo_server.clock(days=1)
    loaded = account.load()
    assert report(loaded, "saved_tracks").is_proved
    assert len(account.current_keys("saved_tracks")) == report(loaded, "saved_tracks").total
