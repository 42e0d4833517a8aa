"""All tables in one SQLite file, with keys and indices: for Datasette, and for every program that reads SQLite."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publish.export.tables import Column, Table

FILE = "spotify.sqlite"
BATCH = 20_000
# SQLite has no type for days and times. Its own functions read and write this form of text, and it sorts by time.
DAY, TIME = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%g"
KINDS = {"BIGINT": "integer", "INTEGER": "integer", "BOOLEAN": "integer", "DOUBLE": "real"}


def write(db: duckdb.DuckDBPyConnection, tables: list[Table], file: Path, on_progress: Callable[[str], None]) -> None:
    """Write a new SQLite file. True is 1; days and UTC times are texts, such as 2026-11-02 07:58:12.345."""
    file.unlink(missing_ok=True)
    lite = sqlite3.connect(file)
    try:
        # The file is complete or not used at all, so it needs no journal.
        lite.executescript("pragma journal_mode = off; pragma synchronous = off;")
        for table in tables:
            lite.execute(_definition(table, {each.name for each in tables}))
            into = f"insert into {table.name} values ({', '.join('?' * len(table.columns))})"
            done = 0
            for rows in _batches(db, table):
                lite.executemany(into, rows)
                done += len(rows)
                on_progress(f"SQLite, {table.name}: {done:,} of {table.rows:,} rows")
            for column in _indexed(table):
                lite.execute(f"create index {table.name}_{column} on {table.name} ({column})")
        lite.execute("analyze")
        lite.commit()
    finally:
        lite.close()


def _batches(db: duckdb.DuckDBPyConnection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    select = ", ".join(_in_sqlite(column) for column in table.columns)
    answer = db.execute(f"select {select} from {table.address}")
    while rows := answer.fetchmany(BATCH):
        yield rows


def _in_sqlite(column: Column) -> str:
    """The column in a type that SQLite has, as SQL of DuckDB."""
    if column.kind == "BOOLEAN":
        return f"cast({column.name} as integer)"
    if column.kind == "DATE":
        return f"strftime({column.name}, '{DAY}')"
    if column.kind.startswith("TIMESTAMP"):
        return f"strftime({column.name}, '{TIME}')"
    return column.name


def _definition(table: Table, names: set[str]) -> str:
    """`create table` with the primary key, and a foreign key for each declared one whose table is in the file."""
    parts = [f'"{column.name}" {KINDS.get(column.kind, "text")}' for column in table.columns]
    if table.mart.primary_key:
        parts.append(f"primary key ({', '.join(table.mart.primary_key)})")
    parts += [
        f"foreign key ({each.column}) references {each.mart} ({each.key})"
        for each in table.mart.references
        if each.mart in names
    ]
    return f"create table {table.name} ({', '.join(parts)})"


def _indexed(table: Table) -> list[str]:
    """The columns with an index: foreign keys, and those that give the days of the table."""
    wanted = {each.column for each in table.mart.references} | set(table.mart.covers)
    first = table.mart.primary_key[:1]  # the primary key has an index
    return sorted((wanted & {column.name for column in table.columns}) - set(first))
