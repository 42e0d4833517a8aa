"""Odd values and elements: what is set to null, what is left out, and how far an error reaches."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipelines.load import LoadResult
from pipelines.spotify.sync.reader import ResourceReader
from tests.account import Account, report
from tests.simulators.spotify.demo_server import DemoServer

NULLED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a text for a number": (
        "tracks",
        {"index": 3, "field": "track.duration_ms", "value": "2345"},
        "tracks.duration_ms (a text)",
    ),
    "a number for a time": (
        "tracks",
        {"index": 4, "field": "added_at", "value": 5},
        "saved_tracks.added_at (a number)",
    ),
    "an empty time": ("tracks", {"index": 5, "field": "added_at", "value": ""}, "saved_tracks.added_at (empty)"),
    "a text that is no time": (
        "tracks",
        {"index": 6, "field": "added_at", "value": "0000-01-01T00:00:00Z"},
        "saved_tracks.added_at (no time)",
    ),
    "the time zero": (
        "tracks",
        {"index": 7, "field": "added_at", "value": "1970-01-01T00:00:00Z"},
        "saved_tracks.added_at (1970)",
    ),
    "true for a number": (
        "albums",
        {"index": 0, "field": "album.total_tracks", "value": True},
        "albums.total_tracks (true or false)",
    ),
    "a number beyond 64 bits": (
        "tracks",
        {"index": 8, "field": "track.track_number", "value": 2**63},
        "tracks.track_number (a number beyond 64 bits)",
    ),
    "a list for an album": ("tracks", {"index": 9, "field": "track.album", "value": []}, "tracks.album_id (a list)"),
    "a text for an artist": (
        "tracks",
        {"index": 10, "field": "track.artists", "value": ["x"]},
        "track_artists.artist_name (a text)",
    ),
    "a text for the artists": (
        "tracks",
        {"index": 11, "field": "track.artists", "value": "x"},
        "track_artists.position (a text)",
    ),
    "half a character": (
        "tracks",
        {"index": 12, "field": "track.name", "value": "\ud83d"},
        "tracks.name (a text with half a character)",
    ),
    "an object among languages": (
        "shows",
        {"index": 0, "field": "show.languages", "value": ["en", 5]},
        "shows.languages (a number)",
    ),
    "a list for a context": (
        "player/recently-played",
        {"index": 0, "field": "context", "value": [1]},
        "recently_played.context_uri (a list)",
    ),
}
LEFT_OUT: dict[str, tuple[str, dict[str, Any], str]] = {
    "a text for a row": ("tracks", {"index": 13, "value": "nonsense"}, "element 13: AttributeError"),
    "a text for a track": ("tracks", {"index": 14, "field": "track", "value": "nonsense"}, "saved_tracks.track_uri"),
    "a list for an id": ("albums", {"index": 2, "field": "album.id", "value": ["x"]}, "saved_albums.album_id (a list)"),
    "a play in 1970": (
        "player/recently-played",
        {"index": 1, "field": "played_at", "value": "1970-01-01T00:00:00Z"},
        "element 1: no key in recently_played.played_at (1970)",
    ),
}
STOPPING: dict[str, tuple[str, dict[str, Any], str]] = {
    "text for the rows": ("tracks", {"field": "items", "value": "nonsense"}, "me/tracks: an answer without items"),
    "no list of rows": ("following", {"field": "artists", "value": None}, "me/following: an answer without items"),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with DemoServer(size=60, playlists=1) as demo_server:
        yield Account(demo_server, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def odd(shared: Account) -> LoadResult:
    """A load of an account that was read before, with all odd values and elements at once, and one that is not odd."""
    shared.load()
    poison(shared, "tracks", {"index": 30, "field": "track.duration_ms", "value": 2345.0})
    for where, wrong, _ in [*NULLED.values(), *LEFT_OUT.values()]:
        poison(shared, where, wrong)
    loaded = shared.load(full=True)
    shared.demo_server.mutate("heal")
    return loaded


def poison(account: Account, where: str, wrong: dict[str, Any]) -> None:
    account.demo_server.mutate("poison", path=f"/v1/me/{where}", **wrong)


def test_odd_values_stop_nothing_and_remove_nothing(odd: LoadResult) -> None:
    assert {each.outcome for each in odd.reports} == {"read"}
    assert sum(each.rows_removed for each in odd.reports) == 0
    assert sum(each.rows_left_out for each in odd.reports) == len(LEFT_OUT)


@pytest.mark.parametrize("named", [named for _, _, named in NULLED.values()], ids=NULLED)
def test_a_value_that_does_not_fit_is_null_and_counted_with_its_column(odd: LoadResult, named: str) -> None:
    assert sum(each.nulled.get(named, 0) for each in odd.reports) == 1


@pytest.mark.parametrize("named", [named for _, _, named in LEFT_OUT.values()], ids=LEFT_OUT)
def test_an_element_whose_key_does_not_fit_costs_only_itself_and_is_named(
    shared: Account, odd: LoadResult, named: str
) -> None:
    (found,) = [each for each in odd.reports if any(named in element for element in each.odd_elements)]
    kept = shared.rows("resource_runs", f"resource = '{found.resource}'")[1]
    assert (kept["rows_left_out"], kept["values_nulled"]) == (found.rows_left_out, found.values_nulled)
    assert named in kept["oddities"]


def test_a_whole_number_that_is_sent_with_a_point_is_that_number(shared: Account, odd: LoadResult) -> None:
    assert 2345 in {row["duration_ms"] for row in shared.rows("tracks")}


@pytest.mark.parametrize(("where", "wrong", "named"), STOPPING.values(), ids=STOPPING)
def test_an_answer_that_is_no_page_stops_its_resource_and_is_named(
    shared: Account, where: str, wrong: dict[str, Any], named: str
) -> None:
    poison(shared, where, wrong)
    loaded = shared.load(full=True)
    shared.demo_server.mutate("heal")
    stopped = {each.resource: str(each.reason) for each in loaded.reports if each.outcome == "stopped"}
    assert len(stopped) == 1
    assert named in next(iter(stopped.values()))


def test_an_error_in_the_program_stops_only_its_resource_and_keeps_what_was_read_before(
    new_account: Callable[..., Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = new_account(size=60, playlists=1)
    track = account.demo_server.mutate("save")["id"]
    account.demo_server.mutate("add_item", playlist=0, id=track)
    take = ResourceReader.take

    def broken(reader: ResourceReader, page: Any, values: Any = None) -> Any:
        if reader.resource.name == "saved_tracks" and page.offset:
            raise OverflowError("date value out of range")
        return take(reader, page, values)

    with monkeypatch.context() as patch:
        patch.setattr(ResourceReader, "take", broken)
        loaded = account.load()
    (stopped,) = [each for each in loaded.reports if each.outcome == "stopped"]
    assert (stopped.resource, stopped.calls, stopped.rows_new) == ("saved_tracks", 2, 50)
    assert stopped.reason == "an error in the program: OverflowError: date value out of range"
    assert "in broken" in str(stopped.traceback)
    assert len(account.current_keys("saved_tracks")) == 50
    assert f"spotify:track:{track}" in {row["item_uri"] for row in account.rows("playlist_items")}
    assert loaded.rows == {table: len(account.rows(table)) for table, count in loaded.rows.items() if count}
    assert report(account.load(full=True), "saved_tracks").is_proved
    assert len(account.current_keys("saved_tracks")) == 61
