"""`make site`: report, docs and questions in one folder. Its links are relative, so it works in any place."""

import shutil
from pathlib import Path

import duckdb

from orchestration import browser
from orchestration.publish.marts_file import marts_file
from orchestration.publish.report.page import report
from orchestration.publish.site.pages import landing, questions_page
from orchestration.report.console import echo, relative_path, spinner
from orchestration.verbs.docs import docs
from pipelines.settings import Settings

PARTS = ("report", "docs")


def site(settings: Settings, no_open: bool = False) -> int:
    """Write report and docs, and put them with a first page into the folder `site` of the work folder.

    An older folder is replaced as a whole. Raises BadSetting when there are no tables.
    """
    file = marts_file(settings)
    report(settings, no_open=True)
    docs(settings, no_open=True)
    target = settings.work_dir / "site"
    with duckdb.connect(str(file), read_only=True) as db, spinner("writing the site"):
        pages = {"index.html": landing(db, settings), "questions.html": questions_page(db, settings)}
    _write(target, settings.work_dir, pages)
    page = target / "index.html"
    echo(f"the site: {relative_path(str(page))}")
    if not no_open:
        browser.show(page)
    return 0


def _write(target: Path, work_dir: Path, pages: dict[str, str]) -> None:
    new = target.with_name("site.new")
    shutil.rmtree(new, ignore_errors=True)
    for part in PARTS:
        shutil.copytree(work_dir / part, new / part)
    for name, text in pages.items():
        (new / name).write_text(text, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
