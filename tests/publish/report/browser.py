"""A real browser, Chromium or Chrome, that opens pages from the disk and tells what went wrong."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright import sync_api

from pipelines.settings import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, NARROW = 1120, 360
# Every picture has a mark, a cell, a bar or a line that one can see. It returns the sections whose picture has none.
NOT_DRAWN = """
    [...document.querySelectorAll('section')].filter(section => section.querySelector('.picture')).filter(section =>
        ![...section.querySelectorAll('.picture [role=graphics-symbol], .picture td, .picture li, .picture p')]
            .some(mark => mark.getBoundingClientRect().width > 0 && mark.getBoundingClientRect().height > 0)
    ).map(section => section.id)
"""
CUT_OFF = """
    [...document.querySelectorAll('body *')].filter(element =>
        element.getBoundingClientRect().right > innerWidth + 1 && element.checkVisibility()
        && !element.closest('.scroll, pre, .hidden, svg')
    ).map(element => element.outerHTML.slice(0, 120))
"""


class Browser:
    def __init__(self, program: sync_api.Browser) -> None:
        self._program = program
        self._axe = Axe()

    @contextmanager
    def opened(self, page: Path, width: int = WIDE, scheme: Any = "light") -> Iterator[sync_api.Page]:
        """Open a page. Fails on an error in the console, and on a request to anywhere but the disk."""
        problems: list[str] = []
        with self._program.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
            tab = context.new_page()
            tab.on("console", lambda message: problems.append(message.text))
            tab.on("pageerror", lambda error: problems.append(str(error)))
            tab.on("request", lambda request: problems.append(request.url) if is_remote(request.url) else None)
            tab.goto(page.as_uri())
            yield tab
        assert problems == []

    def violations(self, tab: sync_api.Page) -> list[str]:
        """What axe-core finds: a line for each rule, with the first element that breaks it."""
        found = self._axe.run(tab).response["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


@contextmanager
def started() -> Iterator[Browser]:
    """The browser of this machine. Skips the test where there is none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        pytest.skip(f"no browser: none of {', '.join(PROGRAMS)} is installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield Browser(browser)
        finally:
            browser.close()


def is_remote(address: str) -> bool:
    return not address.startswith(("file:", "data:", "about:"))


def screenshot(tab: sync_api.Page, name: str) -> None:
    """Keep what the browser shows, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(SCREENSHOTS / f"{name}.png"), full_page=True)
