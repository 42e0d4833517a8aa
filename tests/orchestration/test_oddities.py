"""What the summary says about values that did not fit and about elements that were left out."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.report.run_record import RunRecord
from orchestration.report.summary import print_summary
from pipelines.lake.source import ResourceReport, SourceResult
from pipelines.load import LoadResult
from pipelines.spotify.sync.reader import ResourceReader
from tests.machine import Machine

REPORTS = [
    ResourceReport(
        "saved_tracks", nulled={"tracks.duration_ms (a text)": 2}, rows_left_out=1, odd_elements=["element 3"]
    ),
    ResourceReport(
        "top_tracks", nulled={"tracks.duration_ms (a text)": 1, "albums.upc (a number)": 1}, rows_left_out=3
    ),
]


@pytest.fixture
def record() -> RunRecord:
    record = RunRecord("extract", dt.datetime(2026, 11, 2, 8), True, "lake", "warehouse")
    record.add_load(LoadResult({"spotify": SourceResult(reports=REPORTS)}))
    return record


def test_values_that_were_set_to_null_are_counted_by_column_and_kind(
    record: RunRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    print_summary(record)
    lines = capsys.readouterr().out.splitlines()
    assert "set to null: tracks.duration_ms 3 (a text), albums.upc 1 (a number)" in lines
    assert "left out of saved_tracks: element 3" in lines
    assert "left out of top_tracks: 3" in lines


def test_a_log_that_other_people_can_read_counts_elements_and_does_not_name_them(
    record: RunRecord, capsys: pytest.CaptureFixture[str]
) -> None:
    print_summary(record.impersonal())
    assert "left out of saved_tracks: 1" in capsys.readouterr().out.splitlines()


def test_an_error_in_the_program_is_kept_in_a_file_that_the_summary_names(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(reader: ResourceReader, position: Any, path_params: Any = None) -> Any:
        raise RecursionError("too deep")

    monkeypatch.setattr(ResourceReader, "page", broken)
    assert machine.type("extract") == 3
    shown = capsys.readouterr().out
    assert "stopped: an error in the program: RecursionError: too deep" in shown
    assert "last_error.txt" in shown
    assert "in broken" in (machine.folder / "data" / "last_error.txt").read_text()
    plays = Path(machine.lake, "spotify", "recently_played")
    assert list(plays.rglob("*.parquet"))
    assert "traceback" not in json.dumps(machine.last_run)
