"""The marts after six loads of one account, built once: items that were added, changed and removed."""

from collections.abc import Callable

import pytest

from orchestration.warehouses.dbt import BuildResult
from tests.transform.conftest import PROJECT, Rows, Warehouse
from tests.transform.lake import Lake, at, item, snapshot, track

LOCAL = "spotify:local:A+Band::A+Song:200"
Ask = Callable[[str], Rows]
MAY = [at(f"2026-05-0{day}") for day in range(1, 8)]


OLD = at("2020-01-01 12:00")


def first_load(lake: Lake) -> None:
    """Everything for the first time."""
    lake.load(
        1,
        without=("upc",),  # a column that the contract gained later
        tracks=[track("a", album_id="alb"), track("b"), {"track_uri": LOCAL, "name": "A Song", "is_local": True}],
        track_artists=[
            {"track_uri": "spotify:track:a", "position": 1, "artist_id": "x", "artist_name": "X"},
            {"track_uri": "spotify:track:a", "position": 2, "artist_id": "guest", "artist_name": "Guest"},
            {"track_uri": LOCAL, "position": 1, "artist_name": "A Band"},
        ],
        albums=[{"album_id": "alb", "object_form": "simplified", "name": "Album", "release_date": "1994"}],
        saved_tracks=[{"track_uri": "spotify:track:a", "track_id": "a", "added_at": OLD}],
        followed_artists=[{"artist_id": "x"}, {"artist_id": "unheard"}],
        playlists=[
            {"playlist_id": "p", "name": "Mine", "snapshot_id": "p1"},
            {"playlist_id": "closed", "name": "Closed", "snapshot_id": "c1"},
            {"playlist_id": "gone", "name": "Gone", "snapshot_id": "g1"},
        ],
        playlist_snapshots=[snapshot("p", "p1"), snapshot("closed", "c1"), snapshot("gone", "g1")],
        playlist_items=[
            item("p", "p1", 0, "a", added_at=OLD),
            item("p", "p1", 1, "a", added_at=OLD),
            {"playlist_id": "p", "snapshot_id": "p1", "position": 2},
            item("closed", "c1", 0, "b", added_at=OLD),
            item("gone", "g1", 0, "b", added_at=OLD),
        ],
        recently_played=[
            {"played_at": at("2026-04-30 21:59:59.999"), "track_uri": "spotify:track:a", "track_id": "a"},
            {"played_at": at("2026-04-30 22:04:00"), "track_uri": LOCAL},
        ],
        top_tracks=[{"time_range": "short_term", "read_on": MAY[0].date(), "rank": 1, "track_uri": "spotify:track:z"}],
        top_artists=[{"time_range": "short_term", "read_on": MAY[0].date(), "rank": 1, "artist_id": "x"}],
    )


def changes_and_removals(lake: Lake) -> None:
    """Renamed, unsaved, unfollowed, refused items. Every row is there twice, as an interrupted compaction leaves it."""
    lake.load(
        2,
        files=2,  # a compaction cut short between writing the new file and deleting the old one
        tracks=[track("a", name="Renamed", album_id="alb")],
        track_artists=[{"track_uri": "spotify:track:a", "position": 1, "artist_id": "x", "artist_name": "X"}],
        albums=[{"album_id": "alb", "object_form": "full", "name": "Album (Deluxe)", "upc": "0001"}],
        saved_tracks=[{"track_uri": "spotify:track:a", "is_removed": True}],
        followed_artists=[{"artist_id": "unheard", "is_removed": True}],
        playlists=[
            {"playlist_id": "p", "name": "Mine", "snapshot_id": "p2"},
            {"playlist_id": "closed", "name": "Closed", "snapshot_id": "c2"},
            {"playlist_id": "gone", "is_removed": True},
        ],
        playlist_snapshots=[snapshot("p", "p2"), snapshot("closed", "c2", outcome="refused", http_status=403)],
        recently_played=[
            {"played_at": at("2026-05-01 10:00"), "track_uri": "spotify:track:a", "track_id": "a"},
            {"played_at": at("2026-05-01 10:00:01"), "track_uri": "spotify:track:a", "track_id": "a"},
        ],
    )


def half_a_load(lake: Lake) -> None:
    """Rows of an incomplete load."""
    lake.load(
        3,
        is_complete=False,
        tracks=[track("a", name="Half a load"), track("half")],
        saved_tracks=[{"track_uri": "spotify:track:half", "track_id": "half", "added_at": OLD}],
        playlist_snapshots=[snapshot("p", "half")],
        recently_played=[{"played_at": at("2026-05-02 10:00"), "track_uri": "spotify:track:half"}],
    )


def refilled(lake: Lake) -> None:
    """A track saved again, an emptied playlist filled again, a play that arrives late."""
    lake.load(
        4,
        saved_tracks=[{"track_uri": "spotify:track:a", "track_id": "a", "added_at": at("2026-05-03 09:00")}],
        playlists=[{"playlist_id": "p", "name": "Mine", "snapshot_id": "p3"}],
        playlist_snapshots=[snapshot("p", "p3")],
        playlist_items=[item("p", "p3", 0, "a", added_at=at("2026-05-03 08:00"))],
    )


def unread_snapshot(lake: Lake) -> None:
    """Items of a snapshot that was not read to its end."""
    lake.load(5, playlist_items=[item("p", "unread", 0, "b")])


LOADS = (first_load, changes_and_removals, half_a_load, refilled, unread_snapshot)


@pytest.fixture(scope="module")
def built(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> BuildResult:
    lake = new_lake()
    for load in LOADS:
        load(lake)
    return warehouse.build(lake)


@pytest.fixture
def ask(warehouse: Warehouse, built: BuildResult) -> Ask:
    return warehouse.rows


def test_every_model_builds_and_every_test_passes(built: BuildResult) -> None:
    assert (built.failed, built.warned, built.broken, built.skipped) == ((), (), (), 0)
    assert built.models > 30
    assert built.tests == len(list((PROJECT / "tests").rglob("*.sql")))


def test_a_track_has_the_values_of_its_newest_complete_load(ask: Ask) -> None:
    assert ask("select track_name from marts.dim_tracks where track_id = 'a'") == [("Renamed",)]


def test_rows_of_an_incomplete_load_are_not_in_the_marts(ask: Ask) -> None:
    assert ask("select count(*) from marts.dim_tracks where track_id = 'half'") == [(0,)]
    assert ask("select count(*) from marts.fct_plays where track_id = 'half'") == [(0,)]
    assert ask("select count(*) from marts.fct_library_changes where track_id = 'half'") == [(0,)]


def test_removed_and_saved_again_is_three_changes(ask: Ask) -> None:
    listed = "select change_type, changed_at from marts.fct_library_changes"
    changes = ask(f"{listed} where track_id = 'a' order by observed_at")
    assert changes == [("added", at("2020-01-01 12:00")), ("removed", MAY[1]), ("added", at("2026-05-03 09:00"))]
    assert ask("select is_saved from marts.dim_tracks where track_id = 'a'") == [(True,)]


def test_an_unfollowed_artist_is_a_change_on_the_day_of_the_read(ask: Ask) -> None:
    listed = "select change_type, changed_at from marts.fct_library_changes"
    changes = ask(f"{listed} where artist_id = 'unheard' order by 2")
    assert changes == [("added", MAY[0]), ("removed", MAY[1])]
    assert ask("select artist_id from marts.dim_artists where is_followed") == [("x",)]


def test_an_emptied_and_refilled_playlist_ends_the_first_stays(ask: Ask) -> None:
    stays = "entered_at, last_seen_at, left_by_at, is_current from marts.fct_playlist_memberships where playlist_id"
    assert ask(f"select {stays} = 'p' order by stay_number") == [
        (at("2020-01-01 12:00"), MAY[0], MAY[1], False),
        (at("2020-01-01 12:00"), MAY[0], MAY[1], False),
        (at("2026-05-03 08:00"), MAY[3], None, True),
    ]


def test_a_refusal_does_not_change_the_items(ask: Ask) -> None:
    facts = "read_outcome, refusal_http_status, items_count from marts.dim_playlists where playlist_id"
    assert ask(f"select {facts} = 'closed'") == [("refused", 403, 1)]
    assert ask("select is_current from marts.fct_playlist_memberships where playlist_id = 'closed'") == [(True,)]


def test_a_removed_playlist_keeps_its_name_and_has_no_current_items(ask: Ask) -> None:
    assert ask("select playlist_name, is_removed from marts.dim_playlists where playlist_id = 'gone'") == [
        ("Gone", True)
    ]
    assert ask("select is_current, left_by_at from marts.fct_playlist_memberships where playlist_id = 'gone'") == [
        (False, None)
    ]


def test_an_artist_who_is_no_longer_credited_is_not_in_the_bridge(ask: Ask) -> None:
    assert ask("select artist_id from marts.bridge_track_artists where track_id = 'a'") == [("x",)]


def test_values_of_a_full_album_are_used_before_those_of_a_simplified_one(ask: Ask) -> None:
    assert ask("select album_name, release_date, upc from marts.dim_albums") == [("Album (Deluxe)", "1994", "0001")]


def test_a_local_file_is_a_track_with_an_artist_name_and_no_artist_id(ask: Ask) -> None:
    facts = "track_name, is_local, primary_artist_id, primary_artist_name"
    assert ask(f"select {facts} from marts.dim_tracks where track_id = '{LOCAL}'") == [("A Song", True, None, "A Band")]


def test_a_track_that_is_only_in_a_top_list_is_in_dim_tracks(ask: Ask) -> None:
    assert ask("select track_name from marts.dim_tracks where track_id = 'z'") == [(None,)]


def test_days_of_plays_use_the_time_zone_of_the_listener(ask: Ask) -> None:
    days = ask("select cast(played_on as varchar), count(*) from marts.fct_plays group by 1 order by 1")
    assert days == [("2026-04-30", 1), ("2026-05-01", 2)]


def test_descriptions_are_stored_in_the_tables(ask: Ask) -> None:
    ((comment,),) = ask(
        "select comment from duckdb_columns() where table_name = 'fct_plays' and column_name = 'ms_played'"
    )
    assert comment.startswith("Milliseconds heard")


def test_the_most_played_artists_of_the_last_weeks_are_ranked(ask: Ask) -> None:
    ranges = "item_type = 'artist' and time_range = 'last_4_weeks'"
    ranked = ask(f"select place, item_name, plays, spotify_place from marts.top_lists where {ranges} order by place")
    assert ranked == [(1, "X", 2, 1), (2, "A Band", 1, None)]


def test_a_current_model_has_one_row_per_item_that_is_in_the_list(ask: Ask) -> None:
    assert ask("select playlist_id from staging.stg_spotify__playlists order by 1") == [("closed",), ("p",)]
    assert ask("select artist_id from staging.stg_spotify__followed_artists") == [("x",)]
    outcomes = "select playlist_id, snapshot_id, outcome from staging.stg_spotify__playlist_snapshots order by 1"
    assert ask(outcomes) == [("closed", "c2", "refused"), ("gone", "g1", "read"), ("p", "p3", "read")]


def test_a_history_model_has_one_row_per_item_and_load(ask: Ask) -> None:
    history = "select is_removed, is_newest from staging.stg_spotify__saved_tracks_history where track_id = 'a'"
    assert ask(f"{history} order by _dlt_load_id") == [(False, False), (True, False), (False, True)]
