"""The pages of the report in a real browser: wide and narrow, light and dark, with keyboard and screen reader."""

from pathlib import Path

import pytest

from tests.publish.report.browser import CUT_OFF, NARROW, NOT_DRAWN, WIDE, Browser, screenshot

PAGES = ("index.html", "2025.html")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")])
def test_a_page_shows_every_picture_and_loads_nothing(
    browser: Browser, report: Path, name: str, width: int, scheme: str
) -> None:
    with browser.opened(report / name, width, scheme) as tab:
        assert tab.evaluate(NOT_DRAWN) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(CUT_OFF) == []
        screenshot(tab, f"{Path(name).stem}-{width}-{scheme}")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, report: Path, name: str, scheme: str) -> None:
    with browser.opened(report / name, scheme=scheme) as tab:
        assert browser.violations(tab) == []


def test_axe_finds_nothing_where_numbers_and_sql_are_open(browser: Browser, report: Path) -> None:
    with browser.opened(report / "index.html", NARROW) as tab:
        tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_another_year_is_chosen_with_the_keyboard(browser: Browser, report: Path) -> None:
    with browser.opened(report / "index.html") as tab:
        assert tab.locator("#top .panel:visible").get_attribute("aria-label") == "2026"
        tab.locator("#top input:checked").focus()
        tab.keyboard.press("ArrowRight")
        assert tab.locator("#top .panel:visible").get_attribute("aria-label") == "2025"


def test_a_mark_says_what_it_stands_for(browser: Browser, report: Path) -> None:
    with browser.opened(report / "2025.html") as tab:
        tab.locator("#years .wide [role=graphics-symbol][aria-roledescription=bar]").first.hover()
        assert tab.locator("#tip").inner_text().startswith("January 2025: ")


def test_a_page_without_scripts_shows_the_same_pictures(browser: Browser, report: Path, tmp_path: Path) -> None:
    text = (report / "index.html").read_text(encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(text.partition("<script>")[0], encoding="utf-8")
    with browser.opened(page) as tab:
        assert tab.evaluate(NOT_DRAWN) == []
        tab.locator("#top label", has_text="All years").click()
        assert tab.locator("#top .panel:visible").get_attribute("aria-label") == "All years"
