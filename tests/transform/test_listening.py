"""The tables about listening, built once from polls and exports: they agree with each other and with the calendar."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouses import dbt
from tests.transform.conftest import Rows, Warehouse
from tests.transform.lake import Lake
from tests.transform.test_history import changes_and_removals, first_load
from tests.transform.test_parity import exports

Ask = Callable[[str], Rows]


@pytest.fixture(scope="module")
def lake(new_lake: Callable[[], Lake]) -> Lake:
    made = new_lake()
    for load in (first_load, changes_and_removals, exports):
        load(made)
    return made


@pytest.fixture(scope="module")
def ask(warehouse: Warehouse, lake: Lake) -> Ask:
    built = warehouse.build(lake)
    assert (built.failed, built.warned, built.broken, built.skipped) == ((), (), (), 0)
    return warehouse.rows


def test_dates_are_those_of_the_calendar(ask: Ask) -> None:
    """Whole years from the first known day to the last one."""
    columns = "date_day, year, quarter, month_number, month_start, week_start, iso_year, iso_week, weekday, day_of_year"
    rows = ask(f"select {columns}, weekday_name, is_weekend from marts.dim_dates order by date_day")
    first, last = rows[0][0], rows[-1][0]
    assert (first, last) == (dt.date(2020, 1, 1), dt.date(2026, 12, 31))
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    assert rows == [
        (
            *(day, day.year, (day.month + 2) // 3, day.month, day.replace(day=1)),
            *(day - dt.timedelta(days=day.weekday()), *day.isocalendar(), day.timetuple().tm_yday),
            *(f"{day:%A}", day.isoweekday() > 5),
        )
        for day in days
    ]


def test_an_episode_that_left_the_library_has_a_name_in_every_table(ask: Ask) -> None:
    assert ask("select episode_name, show_key, show_id from marts.dim_episodes") == [("E", "X", None)]
    assert ask("select item_key, item_name, place from marts.top_lists where item_type = 'show' and place = 1 limit 1")


def test_the_listener_chooses_the_first_day_of_a_week(warehouse: Warehouse, lake: Lake, ask: Ask) -> None:
    """2026-05-03 is a Sunday."""
    question = "select {{ first_of_week(\"date '2026-05-03'\") }} as a, {{ first_of_week(\"date '2026-05-04'\") }} as b"
    sunday = dbt.show(warehouse.project(lake, week_start="sunday"), question)
    assert [str(day)[:10] for day in sunday[0]] == ["2026-05-03", "2026-05-03"]
    wrong = dbt.invoke(warehouse.project(lake, week_start="Sonntag"), "show", "--inline", question)
    assert "the variable week_start is 'Sonntag'; it can be monday, sunday" in str(wrong.result or wrong.exception)


def test_a_table_that_counts_otherwise_fails_the_test_of_sums(warehouse: Warehouse, lake: Lake, ask: Ask) -> None:
    copied = Path(shutil.copy(warehouse.file, warehouse.folder / "tampered.duckdb"))
    with duckdb.connect(str(copied)) as db:
        db.execute("update marts.sessions set hours = hours + 0.001")
        db.execute("update marts.discoveries set plays = plays + 1 where item_type = 'artist'")
    project = replace(warehouse.project(lake, duckdb_path=str(copied)), work_dir=warehouse.folder / "dbt_tampered")
    assert {line.split(": ")[0] for line in dbt.build(project, ("--select", "sums_agree")).failed} == {
        "plays and hours are those of fct_plays of marts.sessions",
        "plays and hours are those of fct_plays of marts.discoveries",
    }
