"""The build file of dbt, and when its tables reach the file that people open."""

import shutil
from collections.abc import Callable
from pathlib import Path

from orchestration.warehouses.dbt import BuildResult
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.aws.session import AwsSession
from pipelines.settings import load_settings
from tests.orchestration.build_files import ask, built

__all__ = ["built"]

GOOD = BuildResult(models=2, tests=2, skipped=0, failed=(), broken=(), seconds=0.0, is_whole=True)


def test_a_build_file_that_cannot_be_read_is_made_again(tmp_path: Path) -> None:
    tables = DuckDBFile(load_settings({}, tmp_path))
    tables.build_file.parent.mkdir(parents=True)
    tables.build_file.write_bytes(b"no database" * 1000)
    tables.prepare([], AwsSession(""))
    assert not tables.build_file.exists()


def test_only_a_good_build_of_all_marts_is_published(tmp_path: Path, built: Callable[[int], Path]) -> None:
    tables = DuckDBFile(load_settings({}, tmp_path))
    tables.build_file.parent.mkdir(parents=True)
    shutil.copy(built(2), tables.build_file)
    failed = BuildResult(models=2, tests=1, skipped=0, failed=("a test",), broken=(), seconds=0.0, is_whole=True)
    assert "was not made; what this build made is in" in tables.publish(failed, lambda: ["me"])
    assert not tables.file.exists()
    assert tables.publish(GOOD, lambda: ["me"]) == ""
    assert ask(tables.file, "select count(*) from fct_plays") == [(2,)]
