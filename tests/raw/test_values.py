"""Values that do not fit their column become null and are counted; every value that passes can be loaded."""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dlt
import pyarrow.parquet as pq
import pytest

from pipelines.lake.destination import dlt_configuration, lake_destination
from pipelines.lake.store import Lake
from pipelines.raw import contract
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.raw.table import Table
from pipelines.raw.values import FIT, Unfit, fit_rows
from pipelines.spotify.tables import TABLES

NOW = dt.datetime(2026, 11, 2, 8)
ODD: list[Any] = [
    "", " ", "x", "2345", "\0", "a\0b", "\ud800", "x\udfff", "é" * 100_000, "0000-01-01", "0000-00-00T00:00:00Z",
    "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:00:00-12:00",
    "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-02-30", "2026-11-02T08:00:00.123456+05:30", "2026-W45-1",
    0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400, 5.0, 4.9e7, 0.5, -0.0, 1e18, 1e19,
    1e300, float("nan"), float("inf"), float("-inf"), True, False, [], [1], {}, {"a": 1}, [[["deep"]]],
    json.loads("[" * 500 + "]" * 500),
    b"bytes", 1j, Unfit("an object"), dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999), NOW,
    NOW.date(), dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "fitted"),
    [
        ("bigint", 2345.0, 2345),
        ("bigint", 4.9e7, 49_000_000),
        ("bigint", 2**63 - 1, 2**63 - 1),
        ("text", "", ""),
        ("timestamp", "2026-11-02T09:00:00.123999+01:00", dt.datetime(2026, 11, 2, 8, 0, 0, 123_000)),
        ("timestamp", "2026-11-02", dt.datetime(2026, 11, 2)),
        ("date", "2026-11-02", dt.date(2026, 11, 2)),
        ("bool", False, False),
    ],
)
def test_a_value_that_means_the_same_is_kept(kind: str, value: Any, fitted: Any) -> None:
    found = FIT[kind](value)
    assert (type(found), found) == (type(fitted), fitted)


@pytest.mark.parametrize(
    ("kind", "value", "named"),
    [
        ("bigint", "2345", "a text"),
        ("bigint", 2345.5, "a broken number"),
        ("bigint", float("nan"), "a broken number"),
        ("bigint", 2**63, "a number beyond 64 bits"),
        ("bigint", True, "true or false"),
        ("bool", 1, "a number"),
        ("text", 5, "a number"),
        ("text", [], "a list"),
        ("text", "a\0", "a text with NUL"),
        ("text", "\ud800", "a text with half a character"),
        ("timestamp", "", "empty"),
        ("timestamp", "0000-01-01T00:00:00Z", "no time"),
        ("timestamp", "0001-01-01T00:00:00+01:00", "no time"),
        ("timestamp", "1970-01-01T00:00:00Z", "1970"),
        ("timestamp", "1903-01-01T00:00:00Z", "a time before 1970"),
        ("timestamp", dt.date(2026, 11, 2), "date"),
        ("date", dt.datetime(2026, 11, 2), "datetime"),
    ],
)
def test_a_value_that_does_not_fit_says_what_it_is(kind: str, value: Any, named: str) -> None:
    assert FIT[kind](value).kind == named


def rows_with(table: Table, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    """One row with each odd value in every column that may be null, and one with it in each key column."""
    for value in ODD:
        number = next(numbers)
        plain: dict[str, Any] = {
            "text": f"key {number}",
            "bigint": number,
            "bool": False,
            "timestamp": NOW + dt.timedelta(seconds=number),
            "date": NOW.date() + dt.timedelta(days=number),
        }
        row = {column.name: value if column.null else plain[column.type] for column in table.columns}
        yield row
        for column in table.columns:
            if not column.null:
                yield row | {column.name: value}


def test_every_odd_value_in_every_column_can_be_loaded(tmp_path: Path) -> None:
    nulled: dict[str, int] = {}
    numbers = itertools.count(1)
    rows = [(name, row) for name, table in TABLES.items() for row in rows_with(table, numbers)]
    rows = [(name, {"read_at": NOW} | row) if "read_at" in TABLES[name].key else (name, row) for name, row in rows]
    fitted = [row for row in fit_rows(TABLES, rows, nulled) if row is not None]
    state: dict[str, Any] = {}
    new = ChangeFilter(TABLES, StateRowHashes(lambda: state), NOW).changed(fitted)
    schema = contract.dlt_schema("odd", TABLES.values(), ["me"])

    @dlt.source(schema=schema, schema_contract="freeze", max_table_nesting=0)
    def odd() -> Any:
        def marked() -> Iterator[Any]:
            for table, found in new.items():
                yield dlt.mark.with_table_name(found, table)

        return dlt.resource(marked, name="me", table_name="me")

    with dlt_configuration(tmp_path):
        pipeline = dlt.pipeline(
            "odd", pipelines_dir=str(tmp_path / "work"), destination=lake_destination(Lake(str(tmp_path / "lake")))
        )
        source = odd()
        for declared in source.schema.data_tables(include_incomplete=True):
            declared["file_format"] = "parquet"
        pipeline.run(source, loader_file_format="parquet").raise_on_failed_jobs()
    for name, table in TABLES.items():
        files = list((tmp_path / "lake").rglob(f"{name}/*/*.parquet"))
        assert sum(pq.read_metadata(file).num_rows for file in files) == len(new[name]) >= len(ODD)
        for column in table.columns:
            assert any(what.startswith(f"{name}.{column.name} ") for what in nulled), column.name
