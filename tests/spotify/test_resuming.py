"""A read that was stopped continues at its resume point, and in the end every row is in the lake."""

from collections.abc import Callable

from tests.account import Account, report

BEFORE_TRACKS = 2  # profile, recently played


def test_saved_tracks_stopped_by_max_calls_continue_at_the_resume_point(new_account: Callable[..., Account]) -> None:
    account = new_account(size=800)
    loaded = account.load(max_calls=BEFORE_TRACKS + 6)
    found = report(loaded, "saved_tracks")
    assert (found.outcome, found.resume_from) == ("stopped", str(found.rows_new))
    assert "MAX_CALLS=8" in str(found.reason)
    assert 200 <= len(account.rows("saved_tracks")) == found.rows_new <= 300
    account.load(max_calls=BEFORE_TRACKS + 6)
    assert account.asked()["me/tracks"] == 6
    loaded = account.load()
    assert account.asked()["me/tracks"] < 800 / 50
    assert (report(loaded, "saved_tracks").outcome, report(loaded, "saved_tracks").resume_from) == ("read", None)
    rows = account.rows("saved_tracks")
    assert len(rows) == len({row["track_uri"] for row in rows}) == 800


def test_saved_tracks_stopped_by_a_lock_continue_a_day_later_and_include_new_saves(
    new_account: Callable[..., Account],
) -> None:
    account = new_account(size=500)
    account.demo_server.quota("saved-tracks", calls=4)
    cut = report(account.load(), "saved_tracks")
    assert cut.resume_from == str(cut.rows_new)
    assert len(account.rows("saved_tracks")) == cut.rows_new >= 50
    saves = [f"spotify:track:{account.demo_server.mutate('save')['id']}" for _ in range(3)]
    account.demo_server.clock(days=1, hours=1)
    loaded = account.load()
    assert report(loaded, "saved_tracks").outcome == "read"
    found = account.current_keys("saved_tracks")
    assert set(saves) <= found
    assert len(found) == report(loaded, "saved_tracks").total


def test_a_resume_point_is_not_used_if_the_list_has_moved(new_account: Callable[..., Account]) -> None:
    account = new_account(size=500)
    account.load(max_calls=BEFORE_TRACKS + 4)
    for _ in range(60):
        account.demo_server.mutate("unsave", index=0)
    loaded = account.load()
    assert report(loaded, "saved_tracks").reason == (
        "60 of 200 rows are absent; they count as removed when a read a day later agrees; a later run reads again"
    )
    listed = {row["track_uri"] for row in account.rows("saved_tracks")}
    assert len(listed) == 500
    account.demo_server.clock(days=1)
    found = report(account.load(full=True), "saved_tracks")
    assert found.rows_removed == 60
    assert len(account.current_keys("saved_tracks")) == found.total


def test_followed_artists_continue_at_their_cursor(new_account: Callable[..., Account]) -> None:
    account = new_account(size=2000, playlists=0)
    account.demo_server.fault("/v1/me/following", status=429, headers={"Retry-After": "3600"}, after=2, times=1)
    loaded = account.load()
    found = report(loaded, "followed_artists")
    assert (found.outcome, found.rows_new) == ("stopped", 100)
    assert len(str(found.resume_from)) == 22
    account.demo_server.clock(hours=2)
    loaded = account.load()
    assert account.asked()["me/following"] == 3
    assert report(loaded, "followed_artists").outcome == "read"
    assert len(account.current_keys("followed_artists")) == 200


def test_a_playlist_stopped_in_the_middle_continues_at_the_resume_point(new_account: Callable[..., Account]) -> None:
    account = new_account(playlists=1, playlist_items=240)
    account.demo_server.quota("playlist-items", calls=3, retry_after_s=3600)
    loaded = account.load()
    playlist = account.rows("playlists")[0]["playlist_id"]
    assert report(loaded, "playlist_items").resume_from == f"{playlist} 150"
    assert account.rows("playlist_snapshots") == []
    account.demo_server.clock(hours=2)
    account.load()
    assert account.items_asked() == {playlist: 2}
    read = account.rows("playlist_snapshots")[0]
    assert read["items_total"] > 200
    assert sorted(row["position"] for row in account.rows("playlist_items")) == list(range(read["items_total"]))


def test_a_stopped_playlist_that_changed_is_read_from_its_start(new_account: Callable[..., Account]) -> None:
    account = new_account(playlists=1, playlist_items=240)
    account.demo_server.quota("playlist-items", calls=3, retry_after_s=3600)
    account.load()
    account.demo_server.mutate("add_item", playlist=0)
    account.demo_server.clock(hours=2)
    account.load()
    assert list(account.items_asked().values()) == [5]
    newest = account.rows("playlist_snapshots")[-1]
    of_it = account.rows("playlist_items", f"snapshot_id = '{newest['snapshot_id']}'")
    assert sorted(row["position"] for row in of_it) == list(range(newest["items_total"]))


def test_runs_with_small_budgets_read_everything_in_the_end(new_account: Callable[..., Account]) -> None:
    account = new_account(size=400, playlists=6, playlist_items=120)
    for _ in range(6):
        loaded = account.load(max_calls=14)
        if not [found for found in loaded.reports if found.outcome == "stopped"]:
            break
    else:
        raise AssertionError(f"still stopped: {loaded.reports}")
    read = account.rows("playlist_snapshots", "outcome = 'read'")
    counts = dict(account.query("select playlist_id, count(distinct position) from {playlist_items} group by 1"))
    assert counts == {row["playlist_id"]: row["items_total"] for row in read}
    assert len(account.current_keys("saved_tracks")) == 400
    assert len(account.rows("top_tracks")) == 150


def test_a_removal_that_a_resumed_read_could_not_prove_is_found_by_the_next_read(
    new_account: Callable[..., Account],
) -> None:
    account = new_account(size=400)
    account.load()
    removed = f"spotify:track:{account.demo_server.mutate('unsave', index=390)['id']}"
    account.load(max_calls=BEFORE_TRACKS + 5)
    account.load()
    account.load()
    assert removed not in account.current_keys("saved_tracks")
