"""What `make status` says of the history, from the tables of the last build."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from orchestration.report.coverage import coverage_lines

DAY = "('2026-01-0{}'::date, '{}', {}, {})"
GAP = "('2026-01-0{}'::timestamp, '2026-01-0{} 06:00'::timestamp, {}, {}, {})"


def file_with(folder: Path, days: Iterable[str], gaps: Iterable[str] = (), album_artists: int = 0) -> Path:
    file = folder / "spotify.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute(
            "create schema marts;"
            "create table marts.fct_coverage_days "
            "(day date, status varchar, plays_shown bigint, plays_compared bigint);"
            "create table marts.fct_play_gaps "
            "(gap_from timestamp, gap_until timestamp, closed_by varchar, is_closed boolean, hours_open double);"
            "create table marts.play_definitions (rule varchar, is_used boolean, plays bigint, "
            "hours_played double, hours_estimated double, plays_of_album_artists bigint);"
            "insert into marts.play_definitions values ('all', false, 2001, 1, 1, 9), "
            f"('finished', true, 2000, 99.6, 4.2, {album_artists})"
        )
        for table, rows in (("fct_coverage_days", days), ("fct_play_gaps", gaps)):
            for row in rows:
                db.execute(f"insert into marts.{table} values {row}")
    return file


def test_days_gaps_the_polled_share_and_the_next_step_are_one_line_each(tmp_path: Path) -> None:
    days = [
        DAY.format(1, "complete", 80, 100),
        DAY.format(2, "complete", 4, 0),
        DAY.format(3, "gap", 0, 0),
        DAY.format(4, "at least", 0, 0),
    ]
    gaps = [
        GAP.format(1, 1, "'extended'", "true", 0),
        GAP.format(2, 2, "'one_year'", "false", 0),
        GAP.format(3, 3, "null", "false", 6),
        GAP.format(4, 4, "null", "false", 1.5),
    ]
    found = dict(coverage_lines(file_with(tmp_path, days, gaps, album_artists=1200), gaps_in_lake=5, is_demo=False))
    assert found["counted"] == "2,000 plays (finished): 100 hours known, 4 estimated"
    assert found["coverage"] == (
        "4 days since 2026-01-01: 2 complete (extended export), 1 at least (one-year export), 1 with an open gap"
    )
    assert found["gaps"] == (
        "2 open, 8 hours in which plays may be missing, the last 2026-01-04 00:00 UTC to 2026-01-04 06:00 UTC; "
        "1 closed by a one-year export, which lacks some plays; 1 closed by an extended export; "
        "1 found since the last build"
    )
    assert found["polls"] == "84% of your plays of 30 s or more appear in polls (84 of 100)"
    assert found["artists"] == "1,200 of these plays count for the artist of the album: no other is known"
    assert found["next"].startswith("to close the gaps, ask Spotify for your extended streaming history (spotify.com/")


def test_without_an_export_the_next_step_is_to_ask_for_one(tmp_path: Path) -> None:
    file = file_with(tmp_path, [DAY.format(1, "polled", 0, 0)])
    found = dict(coverage_lines(file, gaps_in_lake=0, is_demo=False))
    assert found.keys() == {"counted", "coverage", "gaps", "next"}
    assert found["gaps"] == "none known"
    assert found["next"].startswith("to know every play of the past, ask Spotify")
    assert "next" not in dict(coverage_lines(file, gaps_in_lake=0, is_demo=True))


def test_with_every_gap_closed_there_is_nothing_to_do(tmp_path: Path) -> None:
    file = file_with(tmp_path, [DAY.format(1, "complete", 0, 0)], [GAP.format(1, 1, "'extended'", "true", 0)])
    assert "next" not in dict(coverage_lines(file, gaps_in_lake=1, is_demo=False))


@pytest.mark.parametrize("content", [None, b"", b"not a database"])
def test_without_tables_that_can_be_read_there_are_no_lines(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "spotify.duckdb"
    if content is not None:
        file.write_bytes(content)
    assert coverage_lines(file, gaps_in_lake=0, is_demo=False) == []


def test_a_file_of_an_older_version_has_no_lines(tmp_path: Path) -> None:
    file = tmp_path / "spotify.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("create schema marts; create table marts.fct_plays (track_id varchar)")
    assert coverage_lines(file, gaps_in_lake=0, is_demo=False) == []
