"""When the items of a playlist are requested again after a read that brought nothing."""

from tests.spotify.playlists_api import Playlist, Playlists


def test_a_playlist_of_the_listener_that_is_refused_once_is_read_in_the_same_run() -> None:
    account = Playlists(mine=Playlist(refusals=1), other=Playlist())
    assert account.run().outcome == "read"
    assert account.asked == ["mine", "other", "mine"]
    assert {row["playlist_id"] for row in account.rows} == {"mine", "other"}


def test_a_playlist_of_the_listener_that_stays_refused_is_requested_in_growing_pauses() -> None:
    account = Playlists(mine=Playlist(refusals=1000))
    report = account.run()
    assert report.reason == "Spotify hides the items of 1 playlists; requested again after a pause"
    assert account.hours_asked(14) == [0, 1, 7, 31, 103, 271]
    account.playlists["mine"].refusals = 0
    account.run(hours=7 * 24)
    assert len(account.rows) == 3


def test_a_refused_playlist_that_the_listener_edits_is_requested_at_once() -> None:
    account = Playlists(mine=Playlist(refusals=4))
    for _ in range(3):
        account.run()
    account.run()
    assert account.asked == []
    account.playlists["mine"].snapshot = "s2"
    account.run()
    assert len(account.rows) == 3


def test_thirty_hidden_playlists_whose_snapshot_moves_cost_and_add_nothing() -> None:
    hidden = {f"spotify{n}": Playlist("spotify", refusals=9999, moves=True) for n in range(30)}
    account = Playlists(**hidden)
    account.run()
    assert (len(account.asked), len(account.outcomes)) == (30, 30)
    for _ in range(5):
        assert account.run().outcome == "not due"
        assert account.asked == []
    asked = account.hours_asked(30)
    assert sorted(set(asked)) == [0, 24, 96, 264, 432, 600]
    assert len(account.hashes["playlist_snapshots"]) == 30
    assert account.outcomes == []


def test_a_shown_playlist_of_others_whose_snapshot_moves_is_read_once_a_day_and_adds_nothing() -> None:
    account = Playlists(followed=Playlist("friend", moves=True))
    account.run()
    account.run()
    assert (account.asked, account.rows, account.outcomes) == (["followed"], [], [])
    assert account.hours_asked(4) == [0, 6, 30, 54, 78]
    account.playlists["followed"].items.append("d")
    account.run()
    assert [row["position"] for row in account.rows] == [0, 1, 2, 3]
