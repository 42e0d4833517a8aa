"""Each play that a source tells of is once in fct_plays, with the start and the length that the source knows.

One lake has all sources of one listener, in stretches of their own: two with a poll every hour, one of them around the
day in October 2022 when exports changed; one with a poll a day; one with a poll every hour, but not on all days.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.demo.exports.export import ONE_YEAR
from pipelines.demo.exports.private import WORDS
from pipelines.demo.world.clock import DAY, HOUR, moment
from pipelines.demo.world.world import Options, World
from tests.transform.conftest import Warehouse
from tests.truth.case import Case, Exported, build_plays
from tests.truth.compare import Comparison
from tests.truth.shown import shown
from tests.truth.told import Told

OCTOBER_2022 = moment("2022-10-13T06:00:00Z")
HOURLY = moment("2026-10-12T06:00:00Z")
DAILY = moment("2026-10-17T06:00:00Z")
BROKEN = moment("2026-10-25T06:00:00Z")
END = moment("2026-10-29T06:00:00Z")
OLD_EXPORTS = (
    Exported("G1", moment("2020-03-10T00:00:00Z"), moment("2020-03-14T00:00:00Z")),
    Exported("G2", moment("2022-10-01T00:00:00Z"), OCTOBER_2022 + DAY),
    Exported("G3", OCTOBER_2022 - DAY, OCTOBER_2022 + 4 * DAY),
    Exported("G4", moment("2024-11-10T00:00:00Z"), moment("2024-11-12T00:00:00Z")),
    Exported("G5", OCTOBER_2022, OCTOBER_2022 + 3 * DAY),
)


@dataclass
class Results:
    """What became of the plays after each build, and what a test asks about the builds."""

    polls: Comparison
    would_be_shown: Comparison
    outside_gaps: list[Told]
    one_year: Comparison
    all: Comparison
    ids: list[set[str]]
    folder: Path


def every_hour(start: int, until: int) -> list[int]:
    return list(range(start, until, HOUR))


@pytest.fixture(scope="module")
def results(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Results:
    case = Case(World(Options(END)), tmp_path_factory.mktemp("truth"))
    case.poll(every_hour(OCTOBER_2022, OCTOBER_2022 + 4 * DAY))
    case.poll(every_hour(HOURLY, DAILY))
    case.poll(range(DAILY, BROKEN, DAY))
    case.poll(every_hour(BROKEN, BROKEN + DAY) + every_hour(BROKEN + 3 * DAY, END))
    ids = []

    def built() -> Comparison:
        build_plays(warehouse, case.lake)
        ids.append({row.play_id for row in case.rows(warehouse) if row.is_polled})
        return case.compare(warehouse)

    polls = built()
    always = shown(case.world, every_hour(OCTOBER_2022, OCTOBER_2022 + 4 * DAY) + every_hour(HOURLY, END))
    would_be_shown = case.compare(warehouse, always)
    outside_gaps = case.outside_gaps(warehouse, would_be_shown.lost)
    case.add(*OLD_EXPORTS[:2], Exported(ONE_YEAR, HOURLY, END))
    case.add(*OLD_EXPORTS[2:])
    one_year = built()
    case.add(Exported("G6", HOURLY - DAY, END))
    return Results(polls, would_be_shown, outside_gaps, one_year, built(), ids, case.folder)


def test_polls_lose_no_play_that_they_were_shown_and_have_none_twice(results: Results) -> None:
    assert results.polls.told > 1000
    assert results.polls.faults() == {}


def test_every_play_that_more_polls_would_have_shown_lies_in_a_recorded_gap(results: Results) -> None:
    found = results.would_be_shown
    assert found.faults().keys() == {"lost"}
    assert all(DAILY - DAY < each.play.ended_at < END for each in found.lost), "hourly polls lose nothing"
    assert results.outside_gaps == []


def test_extended_exports_of_every_generation_leave_each_play_once_with_its_start_and_length(results: Results) -> None:
    found = results.all
    assert found.told > 2900
    assert found.faults() == {}
    assert found.starts_not_told < 0.03 * found.told, "nearly all starts are told"


def test_a_one_year_export_adds_its_plays_and_doubles_almost_none(results: Results) -> None:
    """It gives minutes only. Two plays of one title in the same minute cannot be told apart."""
    found = results.one_year
    assert found.told > results.polls.told + 200
    assert sum(found.faults().values()) < 0.003 * found.told


def test_a_play_keeps_its_id_when_exports_arrive(results: Results) -> None:
    assert results.ids[0] == results.ids[1] == results.ids[2]


def test_nothing_of_the_personal_data_is_stored(results: Results) -> None:
    kept = texts_of(results.folder / "lake" / "streaming_history")
    assert "Rehearsal" in kept, "titles are found"
    assert [word for word in WORDS if word in kept] == []


def texts_of(folder: Path) -> str:
    """Every text in the Parquet files of a folder, once for each column."""
    columns = [column for file in folder.rglob("*.parquet") for column in pq.read_table(file).itercolumns()]
    return "\n".join(str(column.unique().to_pylist()) for column in columns if column.type == pa.string())
