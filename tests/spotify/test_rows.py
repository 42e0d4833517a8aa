"""Rows in the tables: only new or changed rows, the same rows in both modes, and nothing private."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import requests

from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.tables import TABLES
from tests.account import Account, new_rows
from tests.simulators.spotify.demo_server import DemoServer


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
