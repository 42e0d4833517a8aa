"""Which time an export covers."""

import datetime as dt
from pathlib import Path

from pipelines.streaming_history.spans import Day, Span, missing_shards, stretches, without_strays
from tests.streaming_history.exports import START, extended, music, write
from tests.streaming_history.lakes import ExportLake

FIRST = dt.datetime(2024, 1, 1, 12)


def day(number: int, count: int = 5, archive: str = "a") -> Day:
    first = FIRST + dt.timedelta(days=number)
    return Day(archive, first, first + dt.timedelta(hours=count - 1), count)


def test_a_pause_of_more_than_thirty_days_ends_a_stretch() -> None:
    days = [day(0), day(29), day(70), day(71)]
    assert [(span.covered_from, span.covered_until) for span in stretches("extended", days)] == [
        (days[0].first, days[1].last),
        (days[2].first, days[3].last),
    ]


def test_a_single_record_is_no_stretch() -> None:
    assert stretches("extended", [day(0, count=1)]) == []


def test_a_stretch_goes_on_over_archives_and_has_the_id_of_its_first() -> None:
    assert stretches("extended", [day(0), day(1, archive="b")]) == [
        Span("a", "extended", day(0).first, day(1).last),
    ]


def test_a_first_record_that_is_alone_for_more_than_a_day_is_stray() -> None:
    assert without_strays([day(0, count=1), day(5), day(6)]) == [day(5), day(6)]
    assert without_strays([day(0, count=2), day(5)]) == [day(0, count=2), day(5)]
    assert without_strays([day(0, count=1), day(1)]) == [day(0, count=1), day(1)]


def test_each_archive_may_have_a_stray_record() -> None:
    days = [day(0, count=1), day(5), day(6, count=1, archive="b"), day(9, archive="b")]
    assert without_strays(days) == [day(5), day(9, archive="b")]


def test_known_and_repeated_records_count_for_the_time_covered(lake: ExportLake, tmp_path: Path) -> None:
    lake.take(write(tmp_path / "1.json", [extended(0), extended(1)]))
    lake.take(write(tmp_path / "2.json", [extended(0), extended(1), extended(2)]))
    found = [(row["package"], row["covered_from"], row["covered_until"]) for row in lake.rows("covered_spans")]
    step = dt.timedelta(minutes=5)
    assert found == [("extended", START, START + step), ("extended", START, START + 2 * step)]


def test_a_shard_of_an_old_export_covers_nothing_without_the_others(lake: ExportLake, tmp_path: Path) -> None:
    assert missing_shards(["endsong_2.json", "endsong_0.json", "endvideo.json"]) == ["endsong_1.json"]
    lake.take(write(tmp_path / "endsong_1.json", [extended(0), extended(1)]))
    assert lake.rows("covered_spans") == []


def test_a_one_year_export_covers_its_year_without_the_stray_record(lake: ExportLake, tmp_path: Path) -> None:
    lake.take(write(tmp_path / "1.json", [music(-9000), music(0), music(1)]))
    assert [row["covered_from"] for row in lake.rows("covered_spans")] == [START]
