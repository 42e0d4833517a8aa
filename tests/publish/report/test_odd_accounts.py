"""Accounts that are empty or odd: the pages say `nothing yet` and never break."""

import datetime as dt
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.report import page
from orchestration.publish.report.marts import Marts
from orchestration.publish.report.sections import OF_REPORT
from tests.publish.report import marts
from tests.publish.report.browser import CUT_OFF, NARROW, NOT_DRAWN, Browser

DAY = dt.date(2026, 10, 31)
NAMES = (
    "He said \"hi\" & 'bye' <b>loud</b>",
    "</script><script>document.title = 'broken'</script>",
    "{{ 7 * 7 }} {% raw %} \\u0041 %s",
    "שלום עולם",
    "مرحبا بالعالم",
    "東京事変",
    "Дом Ἀθῆναι",
    "नमस्ते",
    "🎺🏽👩‍🎤",
    "x" * 300,
    "\u202ereversed",
    "",
)
Written = Callable[[Path], Path]


def texts(folder: Path) -> dict[str, str]:
    return {page.name: page.read_text(encoding="utf-8") for page in folder.glob("*.html")}


def visible(text: str) -> str:
    """The text of a page without marks, styles and scripts."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<(style|script|pre)\b.*?</\1>", " ", text, flags=re.DOTALL))


def check(browser: Browser, folder: Path) -> None:
    """Nothing is cut off, every picture is drawn, and no empty value of the program is on a page."""
    for name, text in texts(folder).items():
        assert not re.search(r"\b(None|nan|inf|undefined|Undefined)\b", visible(text)), name
        with browser.opened(folder / name, NARROW) as tab:
            assert tab.evaluate(NOT_DRAWN) == [], name
            assert tab.evaluate(CUT_OFF) == [], name
            assert tab.title().startswith("Your ")


def test_an_account_without_plays_says_nothing_yet_in_every_section(
    browser: Browser, written: Written, tmp_path: Path
) -> None:
    marts.created(tmp_path / "empty.duckdb").close()
    folder = written(tmp_path / "empty.duckdb")
    (text,) = texts(folder).values()
    assert text.count("Nothing yet</h2>") == len(OF_REPORT)
    with browser.opened(folder / "index.html") as tab:
        assert browser.violations(tab) == []
    check(browser, folder)


def test_an_account_with_one_play(browser: Browser, written: Written, tmp_path: Path) -> None:
    folder = written(marts.listener(tmp_path / "one.duckdb", DAY, DAY, ["Oak"]))
    assert set(texts(folder)) == {"index.html", "2026.html"}
    assert "31 October 2026" in texts(folder)["index.html"]
    check(browser, folder)


def test_an_account_with_podcasts_only(browser: Browser, written: Written, tmp_path: Path) -> None:
    first = dt.date(2026, 3, 1)
    folder = written(marts.listener(tmp_path / "podcasts.duckdb", first, DAY, ["A show", "Another"], ["show"]))
    assert "<bdi>A show</bdi>: " in texts(folder)["index.html"]
    assert "100\u00a0% of all your hours were podcasts" in texts(folder)["index.html"]
    check(browser, folder)


def test_names_in_every_script_stay_names(browser: Browser, written: Written, tmp_path: Path) -> None:
    folder = written(marts.listener(tmp_path / "names.duckdb", dt.date(2026, 9, 1), DAY, NAMES))
    with browser.opened(folder / "2026.html") as tab:
        shown = tab.locator("#top li .name").all_inner_texts()
        assert {name[:20] for name in NAMES[:9]} <= {line.splitlines()[0][:20] for line in shown}
        assert tab.locator("#top li .name").nth(3).evaluate("name => getComputedStyle(name).direction") == "rtl"
    check(browser, folder)


def test_a_day_in_two_time_zones(browser: Browser, written: Written, tmp_path: Path) -> None:
    """A day has 27 hours of listening, and on the local clock a session ends before it begins."""
    file = marts.listener(tmp_path / "zones.duckdb", dt.date(2026, 10, 1), DAY)
    with duckdb.connect(str(file)) as db:
        db.execute("update marts.listening_by_day set hours = 27.5 where played_on = '2026-10-25'")
        db.execute("update marts.sessions set ended_at_local = started_at_local - interval 1 hour")
        db.execute("update marts.listening_by_hour_of_week set hours = 3 where hour_of_day = 2")
    folder = written(file)
    assert "most on Sunday 25 October" in texts(folder)["index.html"]
    check(browser, folder)


def test_columns_without_values_leave_no_trace(browser: Browser, written: Written, tmp_path: Path) -> None:
    """Polls that nobody could estimate have no hours, and an export may know no names."""
    file = marts.listener(tmp_path / "nulls.duckdb", dt.date(2026, 8, 1), DAY)
    with duckdb.connect(str(file)) as db:
        columns = db.execute("select table_name, column_name from duckdb_columns() where schema_name = 'marts'")
        for table, column in columns.fetchall():
            if (
                "hours" in column
                or "name" in column
                or column.startswith(("top_", "busiest_", "creator", "new_artist_"))
            ):
                db.execute(f'update marts.{table} set "{column}" = null')
    check(browser, written(file))


@pytest.fixture(scope="module")
def long_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report, and the page of one of twenty-one years."""
    folder = tmp_path_factory.mktemp("long")
    file = marts.listener(folder / "long.duckdb", dt.date(2006, 10, 7), DAY, [f"Artist {n}" for n in range(60)])
    with duckdb.connect(str(file), read_only=True) as db:
        files = page.contents(Marts(db), "UTC", "")
        assert len([name for name in files if name.endswith(".html")]) == 22
        for name in ("index.html", "2024.html"):
            (folder / name).write_bytes(files[name]())
    return folder


def test_twenty_years_are_shown(browser: Browser, long_history: Path) -> None:
    check(browser, long_history)


def test_pages_stay_small(long_history: Path) -> None:
    report, year = ((long_history / name).read_bytes() for name in ("index.html", "2024.html"))
    assert len(report) < 2_500_000
    assert len(gzip.compress(report)) < 400_000
    assert len(year) < 800_000
