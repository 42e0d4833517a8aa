"""The marts when Spotify empties what it sent before, or gives known content a new id. Built once."""

from collections.abc import Callable
from typing import Any

import pytest

from orchestration.warehouses.dbt import BuildResult
from tests.transform.conftest import Rows, Warehouse
from tests.transform.lake import Lake, at, item, snapshot, track

Ask = Callable[[str], Rows]
SAVED, LISTED, EPOCH = at("2026-04-01 10:00"), at("2026-04-02 10:00"), at("1970-01-01 00:00")
LOADED = [at(f"2026-05-0{day}") for day in range(1, 4)]


def credit(track_id: str, artist_id: str, name: str | None) -> dict[str, Any]:
    return {"track_uri": f"spotify:track:{track_id}", "position": 1, "artist_id": artist_id, "artist_name": name}


def artist(artist_id: str, name: str, form: str = "simplified", **columns: Any) -> dict[str, Any]:
    return {"artist_id": artist_id, "object_form": form, "name": name} | columns


def play(track_id: str, played_at: str, context: str | None = None) -> dict[str, Any]:
    row = {"played_at": at(played_at), "track_uri": f"spotify:track:{track_id}", "track_id": track_id}
    return row | ({"context_type": "album", "context_uri": f"spotify:album:{context}"} if context else {})


def save(track_id: str, added_at: Any = SAVED, **columns: Any) -> dict[str, Any]:
    return {"track_uri": f"spotify:track:{track_id}", "track_id": track_id, "added_at": added_at} | columns


def known(lake: Lake, number: int = 1) -> None:
    """Five saves in one second, among them two versions of one recording; a playlist; plays with a context."""
    lake.load(
        number,
        tracks=[
            track("gone", name="Gone", isrc="G1", album_id="gone", album_name="Gone Album"),
            track("old", name="Song", isrc="S1"),
            track("single", name="Twice", isrc="T1"),
            track("album", name="Twice", isrc="T1"),
            track("intro", name="Intro", duration_ms=60_000),
            track("other intro", name="Intro", duration_ms=61_000),
        ],
        track_artists=[credit("gone", "artist", "Artist"), credit("old", "artist", "Artist")],
        albums=[{"album_id": "gone", "object_form": "simplified", "name": "Gone Album", "total_tracks": 9}],
        album_artists=[{"album_id": "gone", "position": 1, "artist_id": "artist", "artist_name": "Artist"}],
        artists=[artist("artist", "Artist"), artist("artist", "Artist", "full", genres_total=1)],
        artist_genres=[{"artist_id": "artist", "genre": "jazz"}],
        saved_tracks=[save(name) for name in ("old", "single", "album", "intro", "other intro")],
        playlists=[{"playlist_id": "p", "name": "Mine", "description": "Written", "snapshot_id": "p1"}],
        playlist_snapshots=[snapshot("p", "p1"), snapshot("chart", "c1")],
        playlist_items=[
            item("p", "p1", 0, "old", added_at=LISTED),
            item("p", "p1", 1, "single", added_at=LISTED),
            item("p", "p1", 2, "album", added_at=LISTED),
            item("chart", "c1", 0, "gone", added_at=EPOCH),
        ],
        recently_played=[
            play("gone", "2026-05-01 09:00", context="gone"),
            play("old", "2026-05-01 10:00", context="first"),
            play("single", "2026-05-01 11:00"),
        ],
    )


def emptied_and_renamed(lake: Lake, number: int = 2) -> None:
    """Spotify withdraws `gone` and gives `old` the id `new`. The listener only clears a description."""
    lake.load(
        number,
        tracks=[
            track("gone", name="", duration_ms=0, album_id="gone", album_name=""),
            track("new", name="Song", isrc="S1"),
        ],
        track_artists=[credit("gone", "artist", ""), credit("new", "artist", "")],
        albums=[{"album_id": "gone", "object_form": "simplified", "name": "", "total_tracks": 0}],
        album_artists=[{"album_id": "gone", "position": 1, "artist_id": "artist", "artist_name": ""}],
        artists=[artist("artist", ""), artist("artist", "", "full", genres_total=0)],
        saved_tracks=[save("new"), save("old", None, is_removed=True), save("intro", EPOCH)],
        playlists=[{"playlist_id": "p", "name": "Mine", "description": "", "snapshot_id": "p2"}],
        playlist_snapshots=[snapshot("p", "p2")],
        playlist_items=[
            item("p", "p2", 0, "new", added_at=LISTED),
            item("p", "p2", 1, "album", added_at=LISTED),
        ],
        recently_played=[play("gone", "2026-05-01 09:00"), play("new", "2026-05-01 10:00")],
    )


def removed_and_saved_again(lake: Lake, number: int = 3) -> None:
    """The listener removes two saves. The next day he saves one of them again."""
    lake.load(number, saved_tracks=[save("single", None, is_removed=True), save("album", None, is_removed=True)])
    lake.load(number + 1, saved_tracks=[save("album", at("2026-05-03 12:00"))])


LOADS = (known, emptied_and_renamed, removed_and_saved_again)


@pytest.fixture(scope="module")
def built(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> BuildResult:
    lake = new_lake()
    for load in LOADS:
        load(lake)
    return warehouse.build(lake)


@pytest.fixture
def ask(warehouse: Warehouse, built: BuildResult) -> Ask:
    assert (built.failed, built.warned, built.broken) == ((), (), ())
    return warehouse.rows


def test_withdrawn_content_keeps_what_was_known(ask: Ask) -> None:
    facts = "track_name, album_name, primary_artist_name, artist_names, duration_ms, isrc"
    assert ask(f"select {facts} from marts.dim_tracks where track_id = 'gone'") == [
        ("Gone", "Gone Album", "Artist", "Artist", 200_000, "G1")
    ]
    assert ask("select album_name, artist_names, total_tracks from marts.dim_albums") == [("Gone Album", "Artist", 9)]
    genres = "marts.dim_artists join marts.bridge_artist_genres using (artist_id)"
    assert ask(f"select artist_name, genre from {genres}") == [("Artist", "jazz")]
    assert ask("select artist_name from marts.bridge_track_artists where track_id = 'gone'") == [("Artist",)]


def test_a_credit_without_a_name_has_the_last_name_of_its_artist(ask: Ask) -> None:
    """The track `new` was never credited with a name."""
    assert ask("select artist_names from marts.dim_tracks where track_id = 'new'") == [("Artist",)]


def test_a_description_that_the_owner_cleared_is_empty(ask: Ask) -> None:
    assert ask("select playlist_name, description from marts.dim_playlists where playlist_id = 'p'") == [("Mine", "")]


def test_1970_is_an_unknown_time(ask: Ask) -> None:
    entries = "select entered_at, is_entry_from_spotify from marts.fct_playlist_memberships where playlist_id = 'chart'"
    assert ask(entries) == [(LOADED[0], False)]
    assert ask("select saved_at from marts.dim_tracks where track_id = 'intro'") == [(SAVED,)]


def test_a_play_is_one_row_with_its_context_and_both_ids(ask: Ask) -> None:
    plays = "select ended_at, track_id, previous_track_ids, context_uri from marts.fct_plays order by ended_at"
    assert ask(plays) == [
        (at("2026-05-01 09:00"), "gone", None, "spotify:album:gone"),
        (at("2026-05-01 10:00"), "new", "old", "spotify:album:first"),
        (at("2026-05-01 11:00"), "single", None, None),
    ]


def test_a_saved_track_with_a_new_id_is_no_change(ask: Ask) -> None:
    listed = "select change_type, track_id, previous_item_ids, changed_at from marts.fct_library_changes"
    changes = listed + " where track_id in"
    assert ask(f"{changes} ('old', 'new')") == [("added", "new", "old", SAVED)]


def test_songs_saved_in_one_second_are_all_there(ask: Ask) -> None:
    added = "select track_id from marts.fct_library_changes where change_type = 'added' and changed_at = timestamp '{}'"
    names = ["album", "intro", "new", "other intro", "single"]
    assert ask(f"{added.format(SAVED)} order by 1") == [(name,) for name in names]


def test_a_removal_and_another_save_are_changes(ask: Ask) -> None:
    listed = "select change_type, changed_at from marts.fct_library_changes"
    changes = listed + " where track_id = '{}' order by change_number"
    assert ask(changes.format("single")) == [("added", SAVED), ("removed", LOADED[2])]
    again = [("added", SAVED), ("removed", LOADED[2]), ("added", at("2026-05-03 12:00"))]
    assert ask(changes.format("album")) == again


def test_a_track_with_a_new_id_stays_in_the_playlist(ask: Ask) -> None:
    stays = "select track_id, previous_item_ids, entered_at, is_current from marts.fct_playlist_memberships"
    assert ask(f"{stays} where playlist_id = 'p' order by track_id") == [
        ("album", None, LISTED, True),
        ("new", "old", LISTED, True),
        ("single", None, LISTED, False),
    ]
