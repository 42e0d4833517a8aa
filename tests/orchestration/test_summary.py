"""What the summary says about the tables: what its figures cover, and rules that are broken."""

import datetime as dt
from typing import Any

import pytest

from orchestration.report.run_record import RunRecord
from orchestration.report.summary import print_summary


def printed(capsys: pytest.CaptureFixture[str], **facts: Any) -> str:
    record = RunRecord("build", dt.datetime(2026, 5, 1, 12), False, "/lake", "/tables.duckdb", seconds={"build": 1.0})
    for name, value in facts.items():
        setattr(record, name, value)
    print_summary(record)
    return capsys.readouterr().out


def listed(artist: str, **columns: Any) -> dict[str, Any]:
    known = {"plays_known": 1234, "known_since": dt.date(2026, 4, 30)}
    return {"artist": artist, "place": None, "spotify_place": None, "plays": 0, "hours": 0.0} | known | columns


def test_the_heading_of_the_artists_says_what_they_are_counted_from(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        listed("Mine", place=1, plays=3, hours=0.25),
        listed("Theirs", place=9, spotify_place=1, plays=1),
        listed("Only theirs", spotify_place=2),
    ]
    text = printed(capsys, top_artists=rows, time_zone="Europe/Berlin")
    assert "most played: Spotify's four weeks, and 1,234 known plays since 2026-04-30 Europe/Berlin" in text
    assert [line.split() for line in text.splitlines() if "heirs" in line] == [
        ["1", "Theirs", "Mine", "3", "0.2"],
        ["2", "Only", "theirs"],
    ]


def test_without_a_play_there_is_only_the_list_of_spotify(capsys: pytest.CaptureFixture[str]) -> None:
    row = listed("Theirs", spotify_place=1, plays_known=0, known_since=None)
    assert "Spotify's four weeks, and 0 known plays\n" in printed(capsys, top_artists=[row])


def test_a_rule_that_warns_is_printed_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, tests_warned=["items_total is items_count of marts.dim_playlists: 1 row"])
    assert "test warned: items_total is items_count of marts.dim_playlists: 1 row\n" in text
    assert "failed" not in text
