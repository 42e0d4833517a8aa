"""The tables of the DuckDB file, and each as one Parquet and one CSV file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouses.about import ABOUT
from orchestration.warehouses.about import text as literal
from orchestration.warehouses.marts import Mart
from pipelines import durable

TABLES = f"""
    select table_name, comment, schema_name from duckdb_tables()
    where schema_name = 'marts' or table_name = '{ABOUT}'
    order by table_name
"""
COLUMNS = """
    select column_name, data_type, comment from duckdb_columns()
    where schema_name = ? and table_name = ?
    order by column_index
"""


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table of the file with its comments, and what its yml declares. `about` is declared nowhere."""

    name: str
    schema: str
    comment: str
    rows: int
    columns: tuple[Column, ...]
    mart: Mart

    @property
    def address(self) -> str:
        return f"{self.schema}.{self.name}"


def tables(db: duckdb.DuckDBPyConnection, marts: Iterable[Mart]) -> list[Table]:
    """Every mart, and the table `about`, by name."""
    declared = {mart.name: mart for mart in marts}
    found = []
    for name, comment, schema in db.execute(TABLES).fetchall():
        described = db.execute(COLUMNS, [schema, name]).fetchall()
        columns = tuple(Column(column, kind, text or "") for column, kind, text in described)
        (rows,) = db.execute(f"select count(*) from {schema}.{name}").fetchall()[0]
        found.append(Table(name, schema, comment or "", rows, columns, declared.get(name, Mart(name, "", ""))))
    return found


def write_table(db: duckdb.DuckDBPyConnection, table: Table, target: Path) -> None:
    """Write `parquet/<name>.parquet` and `csv/<name>.csv`. In CSV an empty text is "", and null is nothing."""
    for form, options in (("parquet", "format parquet, compression zstd"), ("csv", "format csv, header")):
        with replacing(target / form / f"{table.name}.{form}") as new:
            db.execute(f"copy (from {table.address}) to {literal(str(new))} ({options})")


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a new file to write, which takes the place of `file` at the end. An error leaves the old file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    try:
        yield new
        durable.sync([new], new.parent)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
