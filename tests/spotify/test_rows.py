"""Rows in the tables: only new or changed rows, the same rows in both modes, and nothing private."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import requests

from pipelines.load import LoadResult
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.sync.reader import ResourceReader
from pipelines.spotify.tables import TABLES
from tests.account import Account, new_rows, report
from tests.simulators.spotify.demo_server import DemoServer

NULLED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a text for a number": (
        "tracks",
        {"index": 3, "field": "track.duration_ms", "value": "2345"},
        "tracks.duration_ms (a text)",
    ),
    "a number for a time": (
        "tracks",
        {"index": 3, "field": "added_at", "value": 5},
        "saved_tracks.added_at (a number)",
    ),
    "an empty time": ("tracks", {"index": 3, "field": "added_at", "value": ""}, "saved_tracks.added_at (empty)"),
    "a text that is no time": (
        "tracks",
        {"index": 3, "field": "added_at", "value": "0000-01-01T00:00:00Z"},
        "saved_tracks.added_at (no time)",
    ),
    "the time zero": (
        "tracks",
        {"index": 3, "field": "added_at", "value": "1970-01-01T00:00:00Z"},
        "saved_tracks.added_at (1970)",
    ),
    "true for a number": (
        "albums",
        {"index": 0, "field": "album.total_tracks", "value": True},
        "albums.total_tracks (true or false)",
    ),
    "a number beyond 64 bits": (
        "tracks",
        {"index": 3, "field": "track.track_number", "value": 2**63},
        "tracks.track_number (a number beyond 64 bits)",
    ),
    "a list for an album": ("tracks", {"index": 3, "field": "track.album", "value": []}, "tracks.album_id (a list)"),
    "a text for an artist": (
        "tracks",
        {"index": 3, "field": "track.artists", "value": ["x"]},
        "track_artists.artist_name (a text)",
    ),
    "a text for the artists": (
        "tracks",
        {"index": 3, "field": "track.artists", "value": "x"},
        "track_artists.position (a text)",
    ),
    "half a character": (
        "tracks",
        {"index": 3, "field": "track.name", "value": "\ud83d"},
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
    "a text for a row": ("tracks", {"index": 3, "value": "nonsense"}, "element 3: AttributeError"),
    "a text for a track": ("tracks", {"index": 3, "field": "track", "value": "nonsense"}, "saved_tracks.track_uri"),
    "a list for an id": ("albums", {"index": 2, "field": "album.id", "value": ["x"]}, "saved_albums.album_id (a list)"),
    "a play in 1970": (
        "player/recently-played",
        {"index": 0, "field": "played_at", "value": "1970-01-01T00:00:00Z"},
        "element 0: no key in recently_played.played_at (1970)",
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


def poisoned(shared: Account, where: str, poison: dict[str, Any]) -> LoadResult:
    shared.demo_server.mutate("poison", path=f"/v1/me/{where}", **poison)
    loaded = shared.load(full=True)
    shared.demo_server.mutate("heal")
    return loaded


@pytest.mark.parametrize(("where", "poison", "named"), NULLED.values(), ids=NULLED)
def test_a_value_that_does_not_fit_is_null_and_counted_with_its_column(
    shared: Account, where: str, poison: dict[str, Any], named: str
) -> None:
    loaded = poisoned(shared, where, poison)
    assert {each.outcome for each in loaded.reports} == {"read"}
    assert sum(each.nulled.get(named, 0) for each in loaded.reports) == 1
    assert sum(each.rows_left_out for each in loaded.reports) == 0


@pytest.mark.parametrize(("where", "poison", "named"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_an_element_whose_key_does_not_fit_costs_only_itself_and_is_named(
    shared: Account, where: str, poison: dict[str, Any], named: str
) -> None:
    loaded = poisoned(shared, where, poison)
    assert {each.outcome for each in loaded.reports} == {"read"}
    (odd,) = [each for each in loaded.reports if each.rows_left_out]
    assert (odd.rows_left_out, odd.rows_removed) == (1, 0)
    assert named in odd.odd_elements[0]
    kept = shared.rows("resource_runs", f"resource = '{odd.resource}'")[-1]
    assert (kept["rows_left_out"], kept["values_nulled"]) == (1, odd.values_nulled)
    assert named in kept["oddities"]


@pytest.mark.parametrize(("where", "poison", "named"), STOPPING.values(), ids=STOPPING)
def test_an_answer_that_is_no_page_stops_its_resource_and_is_named(
    shared: Account, where: str, poison: dict[str, Any], named: str
) -> None:
    loaded = poisoned(shared, where, poison)
    stopped = {each.resource: str(each.reason) for each in loaded.reports if each.outcome == "stopped"}
    assert len(stopped) == 1
    assert named in next(iter(stopped.values()))


def test_a_whole_number_that_is_sent_with_a_point_is_that_number(shared: Account) -> None:
    loaded = poisoned(shared, "tracks", {"index": 5, "field": "track.duration_ms", "value": 2345.0})
    assert not any(each.nulled for each in loaded.reports)
    assert 2345 in {row["duration_ms"] for row in shared.rows("tracks")}


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


def test_one_run_writes_each_key_once(account: Account) -> None:
    account.load()
    for name, table in TABLES.items():
        key = ", ".join(table.key)
        assert account.query(f"select {key} from {{{name}}} group by all having count(*) > 1") == [], name


def test_a_second_run_appends_only_its_rows_of_resource_runs(account: Account) -> None:
    account.load()
    files = len(list(account.dataset.rglob("*.parquet")))
    account.demo_server.clock(seconds=1)
    loaded = account.load()
    assert new_rows(loaded) == {}
    assert len(list(account.dataset.rglob("*.parquet"))) == files + 1
    due = [each.resource for each in loaded.reports if each.outcome != "not due"]
    assert len(account.rows("resource_runs")) == len(RESOURCES) + len(due)


def test_a_row_that_changed_is_appended_once(account: Account) -> None:
    account.load()
    first = account.demo_server.mutate("poison", path="/v1/me/shows", index=0, field="show.name", value="other")
    assert first
    account.load(full=True)
    loaded = account.load(full=True)
    assert loaded.rows.get("shows", 0) == 0
    names = [row["name"] for row in account.rows("shows")]
    assert names.count("other") == 1


def test_unknown_fields_are_ignored(account: Account) -> None:
    for path, field in (("/v1/me", "mood"), ("/v1/me/tracks", "mood")):
        account.demo_server.mutate("poison", path=path, field=field, value={"deep": [1]})
    account.demo_server.mutate("poison", path="/v1/me/tracks", index=0, field="track.mood", value=[{"deep": 1}])
    account.demo_server.mutate("poison", path="/v1/me/tracks", index=0, field="track.album.mood", value="x")
    assert {each.outcome for each in account.load().reports} == {"read"}


def test_objects_where_a_number_or_a_name_belongs_are_null(account: Account) -> None:
    account.demo_server.mutate("poison", path="/v1/me/shows", index=0, field="show.publisher", value={"name": "x"})
    account.demo_server.mutate(
        "poison", path="/v1/me/player/recently-played", index=0, field="track.duration_ms", value={}
    )
    assert {each.outcome for each in account.load().reports} == {"read"}
    assert None in {row["publisher"] for row in account.rows("shows")}


@pytest.fixture(scope="module")
def both_modes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Account, Account]:
    accounts = []
    for mode in ("development", "extended"):
        with DemoServer(size=60, playlists=8, playlist_items=12, mode=mode) as demo_server:
            account = Account(demo_server, tmp_path_factory.mktemp(mode))
            account.load()
            accounts.append(account)
    return accounts[0], accounts[1]


def test_both_modes_fill_the_same_tables_with_the_same_keys(both_modes: tuple[Account, Account]) -> None:
    for table, key in (
        ("saved_tracks", "track_uri"),
        ("saved_audiobooks", "audiobook_id"),
        ("recently_played", "played_at"),
        ("followed_artists", "artist_id"),
        ("top_tracks", "(time_range, rank)"),
    ):
        development, extended = (set(account.query(f"select {key} from {{{table}}}")) for account in both_modes)
        assert development == extended, table
    development, extended = (
        set(account.query("select playlist_id, position, item_uri, added_at from {playlist_items}"))
        for account in both_modes
    )
    assert development
    assert development <= extended
    schemas = [{str(pq.read_schema(file)) for file in one.dataset.glob("tracks/*/*.parquet")} for one in both_modes]
    assert schemas[0] == schemas[1]


def test_extended_mode_fills_what_development_mode_leaves_null(both_modes: tuple[Account, Account]) -> None:
    for table, column in (("me", "country"), ("tracks", "popularity"), ("artists", "followers_total")):
        filled = [account.query(f"select count({column}) from {{{table}}}")[0][0] for account in both_modes]
        assert filled[0] == 0
        assert filled[1] > 0


def test_nothing_private_reaches_the_lake(tmp_path: Path) -> None:
    with DemoServer(size=10, playlists=1, mode="extended") as demo_server:
        bearer = {"Authorization": f"Bearer {demo_server.access_token()}"}
        profile = requests.get(f"{demo_server.api_url}/me", headers=bearer, timeout=5).json()
        account = Account(demo_server, tmp_path)
        account.load()
    assert "@" in profile["email"]
    for file in Path(account.lake.root).rglob("*"):
        if file.is_file():
            assert profile["email"].encode() not in file.read_bytes()
            rows = pq.read_table(file).to_pylist() if file.suffix == ".parquet" else []
            assert not [
                row for row in rows if profile["email"] in str(row.values()) or "127.0.0.1" in str(row.values())
            ]


# Columns that are null in every row of the demo account, or while nothing fails.
EMPTY = {
    "saved_audiobooks.added_at",
    "resource_runs.resume_from",
    "resource_runs.not_before",
    "resource_runs.gap_from",
    "resource_runs.gap_until",
    "resource_runs.oddities",
}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_has_a_value_in_some_row(both_modes: tuple[Account, Account], table: str) -> None:
    columns = [column.name for column in TABLES[table].all_columns if f"{table}.{column.name}" not in EMPTY]
    counted = ", ".join(f"count({column})" for column in columns)
    (counts,) = both_modes[1].query(f"select {counted} from {{{table}}}")
    assert not [column for column, count in zip(columns, counts, strict=True) if not count]
