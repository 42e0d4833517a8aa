"""Small build files, as dbt leaves them, and questions to DuckDB files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.raw.duckdb_form import OLDEST_FORM


def ask(file: Path, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as db:
        return db.execute(question).fetchall()


@pytest.fixture
def built(tmp_path: Path) -> Callable[[int], Path]:
    """Makes a build file whose plays have this number of rows, and a table of another schema."""

    def make(rows: int) -> Path:
        file = tmp_path / "build.duckdb"
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file), config=OLDEST_FORM) as db:
            db.execute(
                f"create schema marts; create table marts.fct_plays as select i as n from range({rows}) as r (i);"
                "comment on table marts.fct_plays is 'It''s one row per play.';"
                "comment on column marts.fct_plays.n is 'The number.';"
                "create schema staging; create table staging.stg as select 1 as n"
            )
        return file

    return make
