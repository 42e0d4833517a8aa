"""fct_plays is written by month: only changed months are written, and the result equals that of a full rebuild."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.warehouses import dbt
from tests.transform.conftest import Rows, Warehouse
from tests.transform.lake import Lake, Row, at, record, track
from tests.transform.second_mart import copy_with_second_mart

MARCH, APRIL, MAY, JUNE = (dt.date(2026, month, 1) for month in (3, 4, 5, 6))
Months = set[dt.date]


def play(time: str, track_id: str = "song") -> Row:
    return {"played_at": at(time), "track_uri": f"spotify:track:{track_id}", "track_id": track_id}


def artist(name: str) -> Row:
    return {"track_uri": "spotify:track:song", "position": 1, "artist_id": "x", "artist_name": name}


class Plays:
    """The table of one warehouse and its lake. `written` has the months of the rows that the last run wrote."""

    def __init__(self, warehouse: Warehouse, lake: Lake) -> None:
        self.warehouse = warehouse
        self.lake = lake
        self.written: Months = set()

    def run(self, *options: str, time_zone: str = "Europe/Berlin") -> Rows:
        """The rows after a run of the model and its parents. Without --full-refresh, only in changed months."""
        if "--full-refresh" not in options:
            self.execute("create or replace table main.before_the_run as from marts.fct_plays")
        project = self.warehouse.project(self.lake, time_zone=time_zone)
        outcome = dbt.invoke(project, "run", "--select", "+fct_plays", "--no-write-json", *options)
        results = list(getattr(outcome.result, "results", ()))
        assert outcome.success, [one.message for one in results]
        (sql,) = (one.node.compiled_code for one in results if one.node.name == "fct_plays")
        new_rows = sql.replace('"marts"."fct_plays"', '"main"."before_the_run"')
        self.written = {month for (month,) in self.warehouse.rows(f"select distinct played_month from ({new_rows})")}
        return self.rows()

    def rows(self) -> Rows:
        return self.warehouse.rows("select * from marts.fct_plays order by all")

    def months(self) -> Months:
        return {month for (month,) in self.warehouse.rows("select distinct played_month from marts.fct_plays")}

    def execute(self, statement: str) -> None:
        with duckdb.connect(str(self.warehouse.file)) as db:
            db.execute(statement)


@pytest.fixture(scope="module")
def first(warehouse: Warehouse, new_lake: Callable[[], Lake]) -> Plays:
    made = Plays(warehouse, new_lake())
    made.lake.load(
        1,
        tracks=[track("song"), track("unknown", duration_ms=0)],
        track_artists=[artist("X")],
        recently_played=[
            play("2026-03-10 10:00"),
            play("2026-03-10 11:00:00", "unknown"),
            play("2026-03-10 11:00:20", "unknown"),
            play("2026-04-10 10:00"),
            play("2026-04-30 22:03:25"),  # it started at 22:00:05: in Berlin, the first and only play of May
        ],
    )
    made.run("--full-refresh")
    shutil.copy(warehouse.file, warehouse.folder / "first.duckdb")
    return made


@pytest.fixture
def plays(first: Plays, tmp_path: Path) -> Plays:
    """The state after the first load, for one test."""
    shutil.copy(first.warehouse.folder / "first.duckdb", first.warehouse.file)
    return Plays(first.warehouse, Lake(shutil.copytree(first.lake.folder, tmp_path / "lake")))


CASES: dict[str, tuple[dict[str, Any], Months, Months]] = {
    "a late play": ({"recently_played": [play("2026-03-20 10:00")]}, {MARCH}, set()),
    "a play of a new month": ({"recently_played": [play("2026-06-01 10:00")]}, {JUNE}, set()),
    "a length that became known": ({"tracks": [track("unknown", duration_ms=15_000)]}, {MARCH}, set()),
    "a length that changed": ({"tracks": [track("song", duration_ms=100_000)]}, {MARCH, APRIL, MAY}, set()),
    "an artist with a new name": ({"track_artists": [artist("Y")]}, {MARCH, APRIL, MAY}, set()),
    "a late play before its repetition": ({"recently_played": [play("2026-04-10 09:59:50")]}, {APRIL}, set()),
    "a month that loses its last play": ({"recently_played": [play("2026-04-30 22:03:19")]}, {APRIL}, {MAY}),
    "nothing new": ({}, set(), set()),
    "an export of one month": (
        {"streams": [record("2026-03-10 10:00", "song", "2026-03-10 09:50"), record("2026-03-11 10:00", "new")]},
        {MARCH},
        set(),
    ),
    "a start in another month": (
        {"streams": [record("2026-04-30 22:03:25", "song", "2026-04-30 21:59:00")]},
        {APRIL},
        {MAY},
    ),
}


@pytest.mark.parametrize(("loads", "written", "dropped"), CASES.values(), ids=CASES)
def test_only_changed_months_are_written_and_the_table_equals_a_full_rebuild(
    plays: Plays, loads: dict[str, Any], written: Months, dropped: Months
) -> None:
    before, months = plays.rows(), plays.months()
    plays.lake.load(2, **loads)
    incremental = plays.run()
    assert plays.written == written
    assert plays.months() == (months | written) - dropped
    assert (incremental != before) == bool(loads)
    assert incremental == plays.run("--full-refresh")
    if "streams" in loads:
        assert {row[0] for row in before} <= {row[0] for row in incremental}, "an export changes no play_id"


def test_another_time_zone_moves_plays_between_months(plays: Plays) -> None:
    assert plays.months() == {MARCH, APRIL, MAY}
    incremental = plays.run(time_zone="America/New_York")
    assert plays.months() == {MARCH, APRIL}
    assert incremental == plays.run("--full-refresh", time_zone="America/New_York")


@pytest.mark.parametrize(
    "damage",
    [
        "insert into marts.fct_plays from marts.fct_plays where month(played_month) = 4",
        "delete from marts.fct_plays where month(played_month) = 4",
        "update marts.fct_plays set track_id = null where month(played_month) = 4",
    ],
    ids=["rows twice", "rows lost", "rows changed"],
)
def test_the_next_build_corrects_a_half_written_month(plays: Plays, damage: str) -> None:
    expected = plays.rows()
    plays.execute(damage)
    assert plays.run() == expected
    assert plays.written == {APRIL}


@pytest.mark.parametrize(
    "change",
    [
        "alter table marts.fct_plays drop column played_month",
        "alter table marts.fct_plays add column mood varchar",
        "alter table marts.fct_plays alter played_on type varchar",
        "create table main.other as from marts.fct_plays; drop table marts.fct_plays; "
        "create view marts.fct_plays as from main.other",
    ],
    ids=["a column less", "a column more", "a column of another type", "a view"],
)
def test_a_table_with_other_columns_is_rebuilt_completely(plays: Plays, change: str) -> None:
    expected = plays.rows()
    plays.execute(change)
    assert plays.run() == expected
    assert plays.run() == expected
    assert plays.written == set()


def test_two_partitioned_marts_have_columns_of_different_names(
    warehouse: Warehouse, new_lake: Callable[[], Lake], tmp_path: Path
) -> None:
    lake = new_lake()
    file, folder = str(tmp_path / "two.duckdb"), copy_with_second_mart(tmp_path)
    project = replace(warehouse.project(lake, folder, duckdb_path=file), work_dir=tmp_path / "dbt")

    def run(*options: str) -> tuple[Rows, Rows]:
        outcome = dbt.invoke(project, "run", "--select", "+fct_plays", "+fct_play_days", "--no-write-json", *options)
        assert outcome.success, [one.message for one in getattr(outcome.result, "results", ())]
        with duckdb.connect(file, read_only=True) as db:
            plays = db.execute("from marts.fct_plays order by all").fetchall()
            return plays, db.execute("from marts.fct_play_days order by all").fetchall()

    lake.load(1, tracks=[track("song")], recently_played=[play("2026-04-10 10:00"), play("2026-04-30 22:00:05")])
    first = run()
    # A new day, and a play a second before midnight, which makes the play after midnight its repetition.
    lake.load(2, recently_played=[play("2026-04-20 10:00"), play("2026-04-30 21:59:59")])
    second = run()
    assert {day for *_, day in first[1]} == {dt.date(2026, 4, 10), dt.date(2026, 5, 1)}
    assert {day for *_, day in second[1]} == {dt.date(2026, 4, day) for day in (10, 20, 30)}
    assert second == run("--full-refresh")
    with duckdb.connect(file) as db:
        db.execute("alter table marts.fct_play_days add column mood varchar")
    assert second == run()
