"""One warehouse for all tests of the models: dbt parses the project once, every build replaces every table."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.warehouses import dbt
from tests.transform.lake import Lake

PROJECT = Path(__file__).parents[2] / "transform"
Rows = list[tuple[Any, ...]]


class Warehouse:
    """Builds the project from a lake and answers questions to its tables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "spotify.duckdb"

    def build(self, lake: Lake | Path | str) -> dbt.BuildResult:
        os.environ["LAKE_URL"] = str(lake.folder if isinstance(lake, Lake) else lake)
        return dbt.build(PROJECT, "dev", self.folder / "dbt")

    def rows(self, question: str) -> Rows:
        with duckdb.connect(str(self.file), read_only=True) as db:
            return db.execute(question).fetchall()

    def marts(self) -> dict[str, Rows]:
        names = self.rows("select table_name from information_schema.tables where table_schema = 'marts' order by 1")
        return {name: self.rows(f"select * from marts.{name} order by all") for (name,) in names}


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    made = Warehouse(tmp_path_factory.mktemp("warehouse"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUCKDB_PATH", str(made.file))
        patch.setenv("TIME_ZONE", "Europe/Berlin")
        patch.setenv("LAKE_URL", "")
        yield made


@pytest.fixture(scope="module")
def new_lake(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Lake]:
    return lambda: Lake(tmp_path_factory.mktemp("lake"))
