"""Reports of invented accounts, and a browser that opens them."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.report import page
from orchestration.publish.report.marts import Marts
from tests.publish.report import marts
from tests.publish.report.browser import Browser, started


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Writes the report about a file of marts; returns its folder."""

    def write(file: Path) -> Path:
        folder = tmp_path_factory.mktemp("report")
        with duckdb.connect(str(file), read_only=True) as db:
            page.write(Marts(db), folder, "Europe/Berlin", "an invented account")
        return folder

    return write


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marts of a listener of three years."""
    return marts.listener(
        tmp_path_factory.mktemp("marts") / "it's 1.duckdb", dt.date(2024, 2, 3), dt.date(2026, 10, 17)
    )


@pytest.fixture(scope="session")
def report(file: Path, written: Callable[[Path], Path]) -> Path:
    """The folder of this listener's report."""
    return written(file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found
