"""The marts depend only on the lake: an empty lake, no lake, and a run that was killed and repeated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.warehouses.dbt import WarehouseUnusable
from tests.transform.conftest import PROJECT, Warehouse
from tests.transform.lake import Lake, at, item, snapshot, track


def test_a_build_of_an_empty_lake_succeeds_with_empty_marts(warehouse: Warehouse, tmp_path: Path) -> None:
    built = warehouse.build(Lake(tmp_path / "lake"))
    assert (built.failed, built.broken, built.skipped) == ((), (), 0)
    marts = warehouse.marts()
    assert [plays for _, _, _, plays, *_ in marts.pop("play_definitions")] == [0, 0, 0, 0]
    assert marts
    assert {name: rows[:3] for name, rows in marts.items() if rows} == {}


def test_without_a_lake_the_build_fails_and_no_table_is_emptied(
    warehouse: Warehouse, new_lake: Callable[[], Lake], tmp_path: Path
) -> None:
    lake = new_lake()
    lake.load(1, tracks=[track("a")])
    assert warehouse.build(lake).is_ok
    before = warehouse.marts()
    with pytest.raises(WarehouseUnusable, match=f"there is no lake at {tmp_path}/nowhere; run `make elt` first"):
        warehouse.build(f"{tmp_path}/nowhere")
    assert warehouse.marts() == before


def test_rows_without_a_record_of_a_complete_load_are_an_error_and_no_table_is_emptied(
    warehouse: Warehouse, new_lake: Callable[[], Lake]
) -> None:
    lake = new_lake()
    lake.load(1, tracks=[track("a")], saved_tracks=[{"track_uri": "spotify:track:a", "track_id": "a"}])
    assert warehouse.build(lake).is_ok
    before = warehouse.marts()
    (lake.folder / "spotify" / "_dlt_loads" / "spotify__compacted.jsonl").unlink()
    with pytest.raises(WarehouseUnusable, match=r"there is no complete load in .*, but the raw tables have 2 rows"):
        warehouse.build(lake)
    assert warehouse.marts() == before


def test_the_built_columns_are_the_described_columns(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> None:
    warehouse.build(new_lake())
    question = (
        "select table_name, list(column_name) from information_schema.columns where table_schema <> 'raw' group by 1"
    )
    built = {name: set(columns) for name, columns in warehouse.rows(question)}
    for file in (PROJECT / "models").rglob("*.yml"):
        for model in yaml.safe_load(file.read_text()).get("models", ()):
            assert {column["name"] for column in model["columns"]} == built[model["name"]], model["name"]


def test_a_run_killed_and_run_again_gives_the_same_marts(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> None:
    first: dict[str, Any] = {
        "tracks": [track("a"), track("b")],
        "track_artists": [{"track_uri": "spotify:track:a", "position": 1, "artist_id": "x", "artist_name": "X"}],
        "saved_tracks": [{"track_uri": "spotify:track:a", "track_id": "a", "added_at": at("2026-04-01")}],
        "followed_artists": [{"artist_id": "x"}],
        "playlists": [{"playlist_id": "p", "name": "P", "snapshot_id": "p1"}],
        "playlist_snapshots": [snapshot("p", "p1")],
        "playlist_items": [item("p", "p1", 0, "a"), item("p", "p1", 1, "b")],
        "recently_played": [{"played_at": at("2026-04-30 10:00"), "track_uri": "spotify:track:a", "track_id": "a"}],
    }
    second: dict[str, Any] = {
        "saved_tracks": [{"track_uri": "spotify:track:a", "is_removed": True}],
        "playlists": [{"playlist_id": "p", "name": "P", "snapshot_id": "p2"}],
        "playlist_snapshots": [snapshot("p", "p2")],
        "playlist_items": [item("p", "p2", 0, "b")],
    }
    unkilled = new_lake()
    unkilled.load(1, read_at=at("2026-05-01"), **first)
    unkilled.load(2, read_at=at("2026-05-02"), **second)
    assert warehouse.build(unkilled).is_ok
    expected = warehouse.marts()
    assert expected["fct_playlist_memberships"]

    killed = new_lake()
    killed.load(3, read_at=at("2026-05-01"), is_complete=False, **first)
    killed.load(4, read_at=at("2026-05-01"), files=2, **first)
    killed.load(5, read_at=at("2026-05-01"), **first)  # the row hashes of the killed run were lost with its machine
    killed.load(6, read_at=at("2026-05-02"), is_complete=False, **second)
    killed.load(7, read_at=at("2026-05-02"), **second)
    killed.load(8, read_at=at("2026-05-02"), **second)
    assert warehouse.build(killed).is_ok
    assert warehouse.marts() == expected
