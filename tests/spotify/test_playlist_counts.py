"""The items of a playlist have to fit the number in the list of playlists."""

import pytest

from pipelines.spotify.sync.reader import ParentsRead
from tests.spotify.playlists_api import Playlist, Playlists


def test_items_that_lag_behind_the_list_of_playlists_are_not_stored_and_read_again() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.counted = "s2", 5
    report = account.run()
    assert (report.outcome, account.rows) == ("unfinished", [])
    assert [row["outcome"] for row in account.outcomes] == ["unfinished"]
    assert "1 playlists are not complete (Spotify sent 3 rows, and its list of lists counts 5)" in str(report.reason)
    assert account.asked == ["mine", "mine"]
    assert [each.outcome for each in account.warned] == ["unfinished"]
    mine.items += ["d", "e"]
    assert account.run().outcome == "read"
    assert [row["snapshot_id"] for row in account.rows] == ["s2"] * 5
    assert [row["outcome"] for row in account.outcomes] == ["read"]


def test_items_that_change_under_one_snapshot_get_rows_of_their_own() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    account.playlists["mine"].items = ["x", "y"]
    for number in (2, 3):
        account.run()
        assert [row["snapshot_id"] for row in account.rows] == [f"s1~{number}"] * number
        assert account.outcomes[0]["items_total"] == number
        account.playlists["mine"].items.append("z")


@pytest.mark.parametrize("sent", [2, 4])
def test_a_count_that_never_fits_is_accepted_after_a_day_and_looked_at_again_later(sent: int) -> None:
    account = Playlists(mine=Playlist(items=["a", "b", "c", "d"][:sent], counted=3))
    account.run()
    asked = account.hours_asked(12)
    assert asked == [0, 1, 7, 31, 103, 271]
    assert account.state["read"]["mine"][1] == sent
    account.run()
    assert account.asked == []


def test_no_items_at_all_are_never_accepted_when_the_list_of_playlists_counts_some() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.items, mine.counted = "s2", [], 3
    account.hours_asked(30)
    assert account.state["read"]["mine"][1] == 3
    mine.items = ["a", "b"]
    mine.counted = 2
    account.run(hours=7 * 24)
    assert [row["position"] for row in account.rows] == [0, 1]


def test_a_playlist_that_is_cut_for_weeks_keeps_its_items() -> None:
    account = Playlists(mine=Playlist(items=[f"t{number}" for number in range(40)]))
    account.run()
    mine = account.playlists["mine"]
    mine.snapshot, mine.counted, whole = "s2", 40, mine.items
    mine.items = whole[:10]
    account.hours_asked(20)
    assert account.outcomes == account.rows == []
    assert account.state["read"]["mine"][:2] == ["s1", 40]
    mine.items = whole
    account.run(hours=7 * 24)
    assert len(account.rows) == 40


def test_an_incomplete_list_of_playlists_still_gives_the_items_of_those_that_came() -> None:
    account = Playlists(mine=Playlist())
    account.listed = lambda: ParentsRead(Playlists.listed(account).elements, False)  # type: ignore[method-assign]
    assert account.run().rows_read == 3


def test_a_state_of_an_earlier_version_is_understood() -> None:
    account = Playlists(mine=Playlist())
    account.run()
    account.state["read"]["mine"] = ["s1", 3, None]
    account.state.pop("waits")
    assert account.run().outcome == "not due"
    account.playlists["mine"].items = ["x"]
    account.run()
    assert [row["position"] for row in account.rows] == [0]
