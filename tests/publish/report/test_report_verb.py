"""`make report`: where it writes, what it says, and when it opens a browser."""

import datetime as dt
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from orchestration.exit_codes import Exit
from orchestration.publish.report import page, share
from orchestration.publish.report.marts import opened
from pipelines.settings import BadSetting, load_settings
from tests.machine import Machine
from tests.publish.report import marts

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser was asked to open, in a terminal."""
    addresses: list[str] = []
    monkeypatch.setattr(page, "write", lambda *arguments: None)
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setattr(webbrowser, "get", lambda: object())
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    return addresses


def tables(machine: Machine, first: dt.date, last: dt.date, names: Sequence[str] = ("Oak",)) -> None:
    file = machine.folder / "data" / "spotify.duckdb"
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    marts.listener(file, first, last, names)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_the_report_has_a_page_and_two_pictures_for_each_year(machine: Machine, capsys: Capture) -> None:
    tables(machine, dt.date(2025, 12, 1), dt.date(2026, 1, 9))
    assert machine.type("report") == 0
    folder = machine.folder / "data" / "report"
    assert capsys.readouterr().out == f"your report: {folder / 'index.html'}\n"
    years = {f"{year}{end}" for year in (2025, 2026) for end in (".html", "-wide.png", "-portrait.png")}
    assert names(folder) == {"index.html"} | years


def test_names_that_no_font_can_draw_are_counted(
    machine: Machine, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "is_box", "東京🎸".__contains__)
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 9), ["Oak", "東京", "Oak 🎸"])
    assert machine.type("report") == 0
    assert "the pictures to share have boxes in 1 name: no font" in capsys.readouterr().out


def test_a_year_that_is_no_longer_known_loses_its_page(machine: Machine) -> None:
    tables(machine, dt.date(2025, 12, 30), dt.date(2026, 1, 3))
    assert machine.type("report") == 0
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 3))
    assert machine.type("report") == 0
    assert names(machine.folder / "data" / "report") == {
        "index.html",
        "2026.html",
        "2026-wide.png",
        "2026-portrait.png",
    }


def test_the_report_opens_in_a_terminal(machine: Machine, shown: list[str]) -> None:
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    assert machine.type("report") == 0
    assert shown == [(machine.folder / "data" / "report" / "index.html").as_uri()]


@pytest.mark.parametrize("how", ["option", "no terminal", "text browser"])
def test_the_report_does_not_open_where_nobody_would_see_it(
    machine: Machine, shown: list[str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "no terminal":
        monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    if how == "text browser":
        monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("/usr/bin/w3m"))
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    assert machine.type("report", *(["--no-open"] if how == "option" else [])) == 0
    assert shown == []


def test_without_tables_the_message_says_how_to_make_them(machine: Machine, capsys: Capture) -> None:
    assert machine.type("report") == Exit.CONFIGURATION
    assert capsys.readouterr().err.endswith("spotify.duckdb is not built yet; run `make elt` first\n")


def test_a_file_of_an_older_version_must_be_built_again(machine: Machine, capsys: Capture) -> None:
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    with duckdb.connect(str(machine.folder / "data" / "spotify.duckdb")) as db:
        db.execute("drop table marts.recaps")
    assert machine.type("report") == Exit.CONFIGURATION
    assert "lacks a table or a column of this version; run `make build` (" in capsys.readouterr().err


def test_a_file_that_is_no_duckdb_file_is_named(machine: Machine, capsys: Capture) -> None:
    file = machine.folder / "data" / "spotify.duckdb"
    file.parent.mkdir(exist_ok=True)
    file.write_text("no database", encoding="utf-8")
    assert machine.type("report") == Exit.CONFIGURATION
    assert "cannot be read; move it away and run `make build` (" in capsys.readouterr().err


def test_with_athena_the_message_says_how_to_make_the_file(tmp_path: Path) -> None:
    settings = load_settings(root=tmp_path).model_copy(update={"target": "prod"})
    with pytest.raises(BadSetting, match="`make build TARGET=dev`"), opened(settings):
        pass


def test_forget_deletes_the_report(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    tables(machine, dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    assert machine.type("report") == 0
    assert machine.type("forget", "--yes") == 0
    assert not (machine.folder / "data" / "report").exists()
