"""Reports of invented accounts, and a browser that opens them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.publish.report import design
from tests.publish.report.browser import Browser, started


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Writes the report about a file of marts; returns its folder."""
    return lambda file: design.written(file, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marts of a listener of three years."""
    return design.invented_file(tmp_path_factory.mktemp("marts"))


@pytest.fixture(scope="session")
def report(file: Path, written: Callable[[Path], Path]) -> Path:
    """The folder of this listener's report."""
    return written(file)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found
