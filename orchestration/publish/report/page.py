"""`make report`: writes the report and the pages of the years, and opens the report in the browser."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from orchestration import browser
from orchestration.publish.report import known, overview, recap, share, words
from orchestration.publish.report.html import rendered, source
from orchestration.publish.report.marts import Marts, opened
from orchestration.publish.report.recap import Recap
from orchestration.publish.report.sections import OF_REPORT, OF_YEAR
from orchestration.report.console import echo, relative_path, spinner
from pipelines.settings import Settings

INDEX = "index.html"
NO_FONT = "no font of this machine has their signs. Install one, for instance Noto CJK, and run `make report` again"
# Files of a year.
OURS = re.compile(r"\d{4}(-wide|-portrait)?\.(html|png)")


@dataclass(frozen=True)
class Link:
    """A link to another page or a picture."""

    text: str
    address: str
    is_current: bool = False


def report(settings: Settings, no_open: bool = False) -> int:
    """Write the pages and print where the report is. It is opened when the output is a terminal."""
    folder = settings.work_dir / "report"
    with opened(settings) as marts, spinner("writing the report"):
        write(marts, folder, settings.time_zone, "the demo account" if settings.is_demo else "")
        boxes = share.names_with_boxes(marts)
    page = folder / INDEX
    echo(f"your report: {relative_path(str(page))}")
    if boxes:
        echo(f"the pictures to share have boxes in {words.counted(boxes, 'name')}: {NO_FONT}")
    if not no_open:
        browser.show(page)
    return 0


def write(marts: Marts, folder: Path, time_zone: str, account: str) -> None:
    """Write all pages and pictures into the folder, and delete those of years that are no longer known."""
    folder.mkdir(parents=True, exist_ok=True)
    files = contents(marts, time_zone, account)
    for name, content in files.items():
        (folder / name).write_bytes(content())
    for file in folder.iterdir():
        if OURS.fullmatch(file.name) and file.name not in files:
            file.unlink()


def contents(marts: Marts, time_zone: str, account: str) -> dict[str, Callable[[], bytes]]:
    """What makes each page and each picture, by file name."""
    files: dict[str, Callable[[], bytes]] = {INDEX: lambda: _report(marts, time_zone, account).encode()}
    for year in marts.years:
        facts = recap.of(marts, year)
        files[f"{year}.html"] = partial(_year, marts, facts, time_zone, account)
        for shape in share.SHAPES:
            files[share.file_name(year, shape)] = partial(share.picture, facts, shape)
    return files


def _report(marts: Marts, time_zone: str, account: str) -> str:
    subtitle = "Nothing yet: no play is known."
    if marts.span:
        first, last = marts.span
        subtitle = f"{words.day(first)} to {words.day(last)}" if first != last else words.day(first)
    numbers = overview.of_all_years(marts)
    return _page(
        title="Your listening",
        heading="Your listening",
        label=account,
        subtitle=subtitle,
        tiles=numbers.tiles,
        notes=[*numbers.notes, *([known.of_a_play(marts)] if marts.years else [])],
        links=[Link(f"Your {year}", f"{year}.html") for year in marts.years],
        sections=[section(marts) for section in OF_REPORT],
        footer=_footer(time_zone),
    )


def _year(marts: Marts, of_year: Recap, time_zone: str, account: str) -> bytes:
    year = of_year.year
    wide, portrait = (share.file_name(year, shape) for shape in ("wide", "portrait"))
    return _page(
        title=f"Your {year}",
        heading=f"Your {year}",
        label=account,
        subtitle=of_year.subtitle,
        tiles=of_year.tiles,
        moments=of_year.moments,
        notes=[*of_year.notes, known.of_a_play(marts)],
        shared=[Link("wide, 1200 by 630 pixels", wide), Link("portrait, 1080 by 1920", portrait)],
        image=wide,
        links=[
            Link("All years", INDEX),
            *(Link(str(other), f"{other}.html", is_current=other == year) for other in marts.years),
        ],
        # What the year lacks is not worth a word there.
        sections=[found for section in OF_YEAR if (found := section(marts, year)).picture],
        footer=_footer(time_zone),
    ).encode()


def _page(**values: Any) -> str:
    usual = {"style": source("style.css"), "script": source("script.js"), "image": "", "moments": [], "shared": []}
    return rendered("page.html.j2", **usual | values)


def _footer(time_zone: str) -> str:
    made = "Made by spotify-elt from tables that you own. This page loads nothing from anywhere."
    return f"Days and hours in {time_zone}. {made}"
