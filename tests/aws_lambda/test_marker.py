"""When `extract` asks for a build, and when `transform` builds."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.aws_lambda import marker
from orchestration.report.run_record import RunRecord
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now

NOON = dt.datetime(2026, 11, 2, 12)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def built(lake: Lake, at: dt.datetime, exit_code: int = 0, name: str = manifest.LAST_BUILD) -> None:
    lake.write_json(name, {"read_at": at.isoformat(), "exit_code": exit_code, "seconds": {"build": 1.0}})


def loaded(at: dt.datetime, **rows: int) -> RunRecord:
    return RunRecord("extract", at, False, "lake", "tables", rows_appended={"resource_runs": 4} | rows)


def marked(lake: Lake, at: dt.datetime) -> None:
    assert marker.write_if_due(lake, loaded(at, recently_played=1))


def test_new_rows_are_marked_beside_the_lake_and_not_in_it(lake: Lake, tmp_path: Path) -> None:
    marked(lake, NOON)
    kept = json.loads((tmp_path / "markers" / "new_rows.json").read_text())
    assert kept == {"read_at": "2026-11-02T12:00:00", "rows": 5}


def test_a_load_without_new_rows_marks_nothing_while_the_tables_are_of_today(lake: Lake) -> None:
    built(lake, utc_now() - HOUR)
    assert not marker.write_if_due(lake, loaded(utc_now()))


def test_rows_that_no_marker_named_are_marked_within_a_day(lake: Lake) -> None:
    """For instance after a run that ended between its load and its marker."""
    assert marker.write_if_due(lake, loaded(utc_now()))
    built(lake, utc_now() - 24 * HOUR)
    assert marker.write_if_due(lake, loaded(utc_now()))


@pytest.mark.parametrize(
    ("hours_since_build", "at_most_every", "expected"),
    [
        (1, 23, False),
        (22.9, 23, False),
        (23.1, 23, True),
        (1, 0, True),
        (0, 0, False),
        (-1, 0, False),
        (-30, 23, False),
    ],
)
def test_a_build_is_asked_for_by_a_newer_marker_after_the_pause(
    lake: Lake, hours_since_build: float, at_most_every: float, expected: bool
) -> None:
    built(lake, NOON)
    marked(lake, NOON + hours_since_build * HOUR)
    assert marker.asks_for_build(lake, at_most_every) is expected


def test_the_first_marker_asks_for_a_build(lake: Lake) -> None:
    assert not marker.asks_for_build(lake, 0)
    marked(lake, NOON)
    assert marker.asks_for_build(lake, 23)


def test_a_marker_without_rows_asks_for_one_build_like_any_other(lake: Lake) -> None:
    marker.write(lake, NOON, 0)
    assert marker.asks_for_build(lake, 0)
    built(lake, NOON + HOUR)
    assert not marker.asks_for_build(lake, 0)


@pytest.mark.parametrize("exit_code", [1, 5, 7, 8])
def test_a_build_that_failed_is_asked_for_again(lake: Lake, exit_code: int) -> None:
    built(lake, NOON, exit_code)
    marked(lake, NOON - HOUR)
    assert marker.asks_for_build(lake, 23)


def test_a_failed_test_of_the_data_does_not_start_a_build_every_hour(lake: Lake) -> None:
    built(lake, NOON, exit_code=6)
    marked(lake, NOON + HOUR)
    assert not marker.asks_for_build(lake, 23)


def test_a_build_of_a_whole_run_counts_too(lake: Lake) -> None:
    built(lake, NOON, name=manifest.LAST_RUN)
    assert marker.last_build(lake) == NOON


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"read_at": null}', b'{"read_at": "soon"}'])
def test_a_marker_that_cannot_be_read_starts_nothing(lake: Lake, tmp_path: Path, content: Any) -> None:
    (tmp_path / "markers").mkdir()
    (tmp_path / "markers" / "new_rows.json").write_bytes(content)
    assert not marker.asks_for_build(lake, 0)
