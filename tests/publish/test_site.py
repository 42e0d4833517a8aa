"""The pages of the site that are neither report nor docs."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.questions.answers import Question
from orchestration.publish.site import pages, verb
from pipelines.settings import load_settings

SETTINGS = load_settings({})


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    """A file without a play. A name in it has signs of HTML."""
    with duckdb.connect() as db:
        db.execute("create table recaps (year bigint, plays bigint, hours double)")
        db.execute(
            "create table about as select 'top_lists' as table_name, 'One row per `<i>`' as grain, 0 as row_count, "
            "cast(null as date) as since, cast(null as date) as until"
        )
        yield db


def test_the_first_page_of_an_account_without_plays_names_the_tables_and_no_year(
    db: duckdb.DuckDBPyConnection,
) -> None:
    page = pages.landing(db, SETTINGS)
    assert 'href="docs/index.html#!/model/model.spotify_elt.top_lists"' in page
    assert "<code>&lt;i&gt;</code>" in page
    assert "Your 20" not in page
    assert "None" not in page


def test_the_first_page_shows_the_newest_year_with_plays(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("insert into recaps values (2025, 1234, 99.6), (2026, 0, 0)")
    page = pages.landing(db, SETTINGS)
    assert 'src="report/2025-wide.png"' in page
    assert "1,234 plays in 100 hours" in page


def test_a_question_without_an_answer_says_nothing_yet(
    db: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        Question("none", "None?", "Why `x`.", "select 1 as x where false"),
        Question("one", "One?", "", "select '<b>' as name, cast(0.5 as double) as share"),
    ]
    monkeypatch.setattr(pages, "questions", lambda: asked)
    page = pages.questions_page(db, SETTINGS)
    assert page.count("Nothing yet.") == 1
    assert '<td dir="auto">&lt;b&gt;</td><td dir="auto" class="n">0.5</td>' in page


def test_only_the_demo_account_is_called_invented(db: duckdb.DuckDBPyConnection) -> None:
    assert "its data are invented" in pages.landing(db, SETTINGS.model_copy(update={"is_demo": True}))
    assert "invented" not in pages.landing(db, SETTINGS.model_copy(update={"is_demo": False}))


def test_an_older_site_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for part in verb.PARTS:
        (tmp_path / part).mkdir()
        (tmp_path / part / "index.html").write_text(part)
    (tmp_path / "site" / "report").mkdir(parents=True)
    (tmp_path / "site" / "report" / "2019.html").write_text("a year that is no longer known")
    verb._write(tmp_path / "site", tmp_path, {"index.html": "first"})
    found = {str(file.relative_to(tmp_path / "site")) for file in (tmp_path / "site").rglob("*") if file.is_file()}
    assert found == {"index.html", "docs/index.html", "report/index.html"}
    assert not (tmp_path / "site.new").exists()
