"""The demo account with a history: an export of almost two years, and two reads with 20 days between them."""

from pathlib import Path

import pytest

from tests import warm
from tests.test_readme import run, stranger

__all__ = ["demo", "stranger"]


@pytest.fixture(scope="module")
def demo(stranger: Path) -> Path:
    """The DuckDB file of a copy of the project in which somebody typed the commands of docs/questions.md."""
    command = ["-m", "pipelines.demo", "export", "data/demo/imports", "--from", "2025-01-01"]  # make demo-export
    done = warm.run(command, stranger, {"PATH": "/usr/bin:/bin", "HOME": str(stranger)})
    assert done.returncode == 0, done.stderr
    run(stranger, "extract")
    run(stranger, "elt", DEMO_DAYS="20")
    return stranger / "data" / "demo" / "spotify.duckdb"
