"""What the report looks like, as one hash, so that a test can tell when the pictures of the README are old."""

import datetime as dt
import hashlib
import re
from pathlib import Path

import duckdb

from orchestration.publish.report import charts, page
from orchestration.publish.report.marts import Marts
from tests.publish.report import marts


def invented_file(folder: Path) -> Path:
    """The marts of a listener of three years."""
    return marts.listener(folder / "it's 1.duckdb", dt.date(2024, 2, 3), dt.date(2026, 10, 17))


def written(file: Path, folder: Path) -> Path:
    """Write the report about a file of marts; returns its folder."""
    with duckdb.connect(str(file), read_only=True) as db:
        page.write(Marts(db), folder, "Europe/Berlin", "an invented account")
    return folder


def invented_report(folder: Path) -> Path:
    return written(invented_file(folder), folder / "report")


def design_of(report: Path) -> str:
    """The hash of the report and of the page of 2025, and of the code that draws charts.

    The drawings themselves depend on the fonts of the machine.
    """
    pages = ((report / name).read_text(encoding="utf-8") for name in ("index.html", "2025.html"))
    texts = [re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL) for text in pages]
    drawn_by = Path(charts.__file__).read_text(encoding="utf-8")
    return hashlib.sha256("\n".join([*texts, drawn_by]).encode()).hexdigest()
