"""One warehouse for all tests of the models: dbt parses the project once, and every build replaces every table."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import Project
from tests.transform.lake import Lake

PROJECT = dbt.TRANSFORM
Rows = list[tuple[Any, ...]]


class Warehouse:
    """Builds the project from a lake and queries the tables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "spotify.duckdb"

    def project(self, lake: Lake | Path | str, folder: Path = PROJECT, **variables: str) -> Project:
        """The project for a lake. One link is the address of all lakes, because dbt parses again when a var changes.

        Its name has the signs that DuckDB, SQL and Jinja give a meaning: a lake may be in any folder.
        """
        if not isinstance(lake, str):
            link = self.folder / "it's a [2026] *?* 100% #1 lake"
            link.unlink(missing_ok=True)
            link.symlink_to(lake.folder if isinstance(lake, Lake) else lake)
            lake = str(link)
        usual = {"duckdb_path": str(self.file), "lake_url": lake, "time_zone": "Europe/Berlin"}
        return Project("dev", self.folder / "dbt", usual | variables, folder)

    def build(self, lake: Lake | Path | str) -> dbt.BuildResult:
        return dbt.build(self.project(lake))

    def rows(self, question: str) -> Rows:
        with duckdb.connect(str(self.file), read_only=True) as db:
            return db.execute(question).fetchall()

    def marts(self) -> dict[str, Rows]:
        names = self.rows("select table_name from information_schema.tables where table_schema = 'marts' order by 1")
        return {name: self.rows(f"select * from marts.{name} order by all") for (name,) in names}


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("warehouse"))


@pytest.fixture(scope="module")
def new_lake(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Lake]:
    return lambda: Lake(tmp_path_factory.mktemp("lake"))
