"""The pages of the site that are neither report nor docs."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from orchestration.publish.questions.answers import answer, questions, shown
from orchestration.publish.report.html import environment, source
from pipelines.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
TABLES = "select table_name, grain, row_count, since, until from about"
YEARS = "select year, plays, hours from recaps where plays > 0 order by year desc"


def landing(db: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """The first page: what this is, what is in it, and how to get it."""
    tables = db.execute(TABLES).fetchall()
    years = db.execute(YEARS).fetchall()
    return _page("landing.html.j2", settings, tables=tables, years=years)


def questions_page(db: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """The ten questions with the answers of this account."""
    return _page("questions.html.j2", settings, asked=[(each, answer(db, each)) for each in questions()])


def _page(template: str, settings: Settings, **values: Any) -> str:
    pages = environment(TEMPLATES)
    pages.filters |= {"shown": shown, "is_number": _is_number}
    own = (TEMPLATES / "site.css").read_text(encoding="utf-8")
    account = "the demo account: its data are invented" if settings.is_demo else ""
    style = Markup(f"{source('style.css')}\n{own}")
    return pages.get_template(template).render(style=style, account=account, **values)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, (bool, dt.date))
