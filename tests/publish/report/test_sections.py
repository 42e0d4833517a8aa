"""What the sections say and draw, without a browser."""

import datetime as dt
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.report import charts, recap, share, words
from orchestration.publish.report.charts import Column, Columns
from orchestration.publish.report.marts import Marts
from orchestration.publish.report.months import every_month
from orchestration.publish.report.section import Section
from orchestration.publish.report.sections import OF_REPORT, OF_YEAR
from orchestration.publish.report.sections.calendar import levels


@pytest.fixture(scope="module")
def db(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(file), read_only=True) as db:
        yield db


@pytest.fixture(scope="module")
def sections(db: duckdb.DuckDBPyConnection) -> list[Section]:
    found = Marts(db)
    return [make(found) for make in OF_REPORT] + [make(found, 2025) for make in OF_YEAR]


def test_every_section_has_a_picture_its_numbers_and_its_sql(sections: list[Section]) -> None:
    assert not [section.name for section in sections if not (section.picture and section.numbers and section.queries)]


def test_the_sql_of_a_section_runs_as_it_is_shown(sections: list[Section], db: duckdb.DuckDBPyConnection) -> None:
    for section in sections:
        assert db.execute(section.sql).fetchall(), section.sql


def test_queries_read_marts_only(sections: list[Section]) -> None:
    text = " ".join(section.sql for section in sections)
    assert not re.search(r"\b(raw|staging|intermediate|int_\w+|stg_\w+)\b", text)


def test_the_sum_of_the_days_is_the_sum_of_the_months(sections: list[Section]) -> None:
    hours = {section.name: section.numbers[0] for section in sections[len(OF_REPORT) :] if section.numbers}
    by_month, by_day = (sum(row[2] for row in hours[name].rows) for name in ("years", "calendar"))
    assert by_day == pytest.approx(by_month)


def test_a_colour_reaches_the_drawing_as_a_css_variable() -> None:
    columns = Columns([Column("a", "known", 2, "a: 2"), Column("b", "known", 1, "b: 1")], {"a": "A"})
    drawn = charts.picture("Two columns", "hours", {"known": "var(--c1)"}, columns)
    assert drawn.count('fill="var(--c1)"') == 4
    assert 'aria-label="a: 2"' in drawn
    assert not re.search(r'(fill|stroke)="#', drawn)


def test_two_drawings_share_no_id() -> None:
    columns = Columns([Column("a", "known", 2, "a: 2")], {})
    ids = re.findall(r' id="([^"]+)"', charts.picture("", "", {"known": "var(--c1)"}, columns))
    assert len(ids) == len(set(ids))


def test_signs_of_a_name_cannot_end_a_label_of_an_axis() -> None:
    sign = "it's \\ \"</text>"
    drawn = charts.picture("", "", {"known": "var(--c1)"}, Columns([Column(sign, "known", 1, sign)], {sign: sign}))
    assert "</text></text>" not in drawn
    assert "&lt;/text&gt;" in drawn


@pytest.mark.parametrize(("shape", "size"), [("wide", (1200, 630)), ("portrait", (1080, 1920))])
def test_a_picture_to_share_has_its_size(db: duckdb.DuckDBPyConnection, shape: str, size: tuple[int, int]) -> None:
    picture = share.picture(recap.of(Marts(db), 2025), shape)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == size
    assert len(picture) < 2_000_000


def test_a_long_name_is_cut_where_the_picture_ends() -> None:
    assert share.fitted("Short", 400, 40) == "Short"
    assert share.fitted("W" * 40, 400, 40) == "W" * 9 + "…"
    assert share.fitted("東" * 40, 400, 40) == "東" * 8 + "…"
    assert share.fitted(None, 400, 40) == "(no title)"


def test_a_sign_is_drawn_as_a_box_when_no_font_has_it() -> None:
    assert share.is_box("\u0379")
    assert not any(map(share.is_box, "aé Жα…"))


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Tamavexen 🎸🏽", "Tamavexen"),
        ("東京 🎸 Trio", "東京  Trio"),
        ("🎸🎸", "🎸🎸"),
        ("Ça\tva \x01\ufffe♥", "Ça va ♥"),
        ("\x01", ""),
    ],
)
def test_symbols_that_no_font_has_are_left_out_of_a_picture(
    name: str, drawn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "is_box", "🎸🏽東京".__contains__)
    assert share.drawable(name) == drawn


def test_colours_of_days_are_quarters_of_the_days() -> None:
    assert levels([0.2, 1.0, 2.0, 3.0, 5.0, 6.0, 7.0, 9.0]) == [2.0, 5.0, 7.0]
    assert levels([3.0] * 10) == [3.0, 3.5, 4.0]
    assert levels([0.0]) == [0.5, 1.0, 1.5]


def test_months_without_plays_have_a_column() -> None:
    assert len(every_month(dt.date(2025, 11, 1), dt.date(2026, 2, 1))) == 4
    assert len(every_month(dt.date(2026, 2, 1), dt.date(2026, 3, 1))) == 12


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (words.number(1234.6), "1,235"),
        (words.number(None), "0"),
        (words.hours(9.24), "9.2"),
        (words.hours(0), "0"),
        (words.hours(1234.5), "1,234"),
        (words.share(1, 3), "33\u00a0%"),
        (words.share(0.001), "under 1\u00a0%"),
        (words.share(0.999), "over 99\u00a0%"),
        (words.share(1, 0), "0\u00a0%"),
        (words.counted(1, "play"), "1 play"),
        (words.counted(2000, "play"), "2,000 plays"),
        (words.in_hours(0.4), "24 minutes"),
        (words.in_hours(1.0), "1.0 hour"),
        (words.in_hours(None), "0 hours"),
        (words.day(dt.date(2026, 5, 3)), "3 May 2026"),
        (words.short_day(dt.date(2026, 9, 3)), "3 Sep 2026"),
    ],
)
def test_numbers_and_days_are_words(said: str, text: str) -> None:
    assert said == text
