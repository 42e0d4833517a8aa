"""`make report`: writes the report and the pages of the years, and opens the report in the browser."""

import re
from pathlib import Path
from typing import Any

from orchestration import browser
from orchestration.publish.report import overview, words
from orchestration.publish.report.html import rendered, source
from orchestration.publish.report.marts import Marts, opened
from orchestration.publish.report.sections import OF_REPORT, OF_YEAR
from orchestration.report.console import echo, relative_path, spinner
from pipelines.settings import Settings

INDEX = "index.html"
OURS = re.compile(r"\d{4}(-wide|-portrait)?\.(html|png)")


def report(settings: Settings, no_open: bool = False) -> int:
    """Write the pages and print where the report is. It is opened when the output is a terminal."""
    folder = settings.work_dir / "report"
    with opened(settings) as marts, spinner("writing the report"):
        write(marts, folder, settings.time_zone, "the demo account" if settings.is_demo else "")
    page = folder / INDEX
    echo(f"your report: {relative_path(str(page))}")
    if not no_open:
        browser.show(page)
    return 0


def write(marts: Marts, folder: Path, time_zone: str, account: str) -> None:
    """Write all pages into the folder, and delete pages of years that are no longer known."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {INDEX: _report(marts, time_zone, account)}
    for year in marts.years:
        written[f"{year}.html"] = _year(marts, year, time_zone, account)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for file in folder.iterdir():
        if OURS.fullmatch(file.name) and file.name not in written:
            file.unlink()


def _report(marts: Marts, time_zone: str, account: str) -> str:
    subtitle = "Nothing yet: no play is known."
    if marts.span:
        first, last = marts.span
        subtitle = f"{words.day(first)} to {words.day(last)}"
    return _page(
        title="Your listening",
        heading="Your listening",
        label=account or "Spotify",
        subtitle=subtitle,
        tiles=overview.of_all_years(marts),
        links=[{"text": f"Your {year}", "address": f"{year}.html", "is_current": False} for year in marts.years],
        sections=[section(marts) for section in OF_REPORT],
        footer=_footer(time_zone),
    )


def _year(marts: Marts, year: int, time_zone: str, account: str) -> str:
    return _page(
        title=f"Your {year}",
        heading=f"Your {year}",
        label=account or "Spotify",
        subtitle="",
        tiles=[],
        links=[
            {"text": "All years", "address": INDEX, "is_current": False},
            *({"text": str(other), "address": f"{other}.html", "is_current": other == year} for other in marts.years),
        ],
        sections=[section(marts, year) for section in OF_YEAR],
        footer=_footer(time_zone),
    )


def _page(**values: Any) -> str:
    usual = {"style": source("style.css"), "script": source("script.js"), "image": ""}
    return rendered("page.html.j2", **usual | values)


def _footer(time_zone: str) -> str:
    return f"Days and hours in {time_zone}. Made by spotify-elt from tables that you own; this page loads nothing from anywhere."
