"""The demo account with a history: an export of almost two years, and two reads with 20 days between them."""

from pathlib import Path

import pytest

from tests.test_readme import run, stranger

__all__ = ["demo", "stranger"]


@pytest.fixture(scope="module")
def demo(stranger: Path) -> Path:
    """The DuckDB file of a copy of the project in which somebody typed the commands of docs/questions.md."""
    run(stranger, "demo-export")
    run(stranger, "extract")
    run(stranger, "elt", DEMO_DAYS="20")
    return stranger / "data" / "demo" / "spotify.duckdb"
