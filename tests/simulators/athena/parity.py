"""Compares the marts on DuckDB with those on Athena: columns, types, rows."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from tests.simulators.athena.cloud import Cloud

# DuckDB's name of a type -> Athena's name, and a function that reads a value of Athena's text results.
TYPES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "VARCHAR": ("varchar", str),
    "BIGINT": ("bigint", int),
    "INTEGER": ("integer", int),
    "BOOLEAN": ("boolean", {"true": True, "false": False}.__getitem__),
    "DATE": ("date", dt.date.fromisoformat),
    "TIMESTAMP": ("timestamp", dt.datetime.fromisoformat),
    "DOUBLE": ("double", float),
}
Columns = list[tuple[str, str]]


class Marts:
    """The marts that exist on DuckDB are compared. `rows` and `columns` count what was compared."""

    def __init__(self, file: Path, cloud: Cloud, database: str) -> None:
        self._file, self._athena, self._database = file, cloud.client("athena"), database
        self.rows: Counter[str] = Counter()
        self.columns: Counter[str] = Counter()

    def difference(self) -> list[str]:
        """The differences, each as one text."""
        with duckdb.connect(str(self._file), read_only=True) as db:
            query = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
            names = [name for (name,) in db.execute(query).fetchall()]
            return [one for name in names for one in self._of(name, db)]

    def _of(self, name: str, db: duckdb.DuckDBPyConnection) -> list[str]:
        described: Columns = [row[:2] for row in db.execute(f"describe marts.{name}").fetchall()]
        here = Counter(db.execute(f"from marts.{name}").fetchall())
        columns, texts = self._asked(f"select * from {self._database}.{name}")
        expected = [(column, TYPES[kind][0]) for column, kind in described]
        if columns != expected:
            return [f"{name}: columns {columns}, on DuckDB {expected}"]
        read = [TYPES[kind][1] for _, kind in described]
        there = Counter(
            tuple(None if text is None else value(text) for value, text in zip(read, row, strict=True)) for row in texts
        )
        self.rows[name] += here.total()
        self.columns[name] = len(columns)
        sides = (("DuckDB", here - there), ("Athena", there - here))
        return [f"{name}: only on {side}, {rows.total()} rows, {next(iter(rows))}" for side, rows in sides if rows]

    def _asked(self, query: str) -> tuple[Columns, list[list[str | None]]]:
        query_id = self._athena.start_query_execution(
            QueryString=query, ResultConfiguration={"OutputLocation": "s3://listening/athena-results/"}
        )["QueryExecutionId"]
        while (status := self._status(query_id))["State"] in ("QUEUED", "RUNNING"):
            time.sleep(0.05)
        if status["State"] != "SUCCEEDED":
            raise RuntimeError(f"{query}: {status.get('StateChangeReason')}")
        pages = list(self._athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id))
        columns = [(one["Name"], one["Type"]) for one in pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
        found = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
        return columns, [[cell.get("VarCharValue") for cell in row] for row in found[1:]]  # the first row has the names

    def _status(self, query_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
        return found
