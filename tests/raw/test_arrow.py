"""Arrow batches are held to the contract as rows are."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.raw import arrow
from pipelines.raw.contract import ContractBroken
from pipelines.raw.table import Table, bigint, text

SEATS = Table(
    "seats",
    "One row per seat.",
    key=("seat_id",),
    columns=(text("seat_id", "Id.", null=False), bigint("row_number", "Row.")),
    has_row_hash=False,
)
ROW = {"seat_id": "a", "row_number": 1, "read_at": dt.datetime(2026, 1, 1), "_dlt_load_id": "1.0", "_dlt_id": "1.0.0"}


def batch(**changes: Any) -> pa.RecordBatch:
    types = {field.name: field.type for field in arrow.schema(SEATS)} | {"mood": pa.string()}
    row = ROW | changes
    return pa.RecordBatch.from_pylist([row], pa.schema([(name, types[name]) for name in row]))


def test_a_batch_gets_the_order_and_the_nulls_of_its_table() -> None:
    shuffled = batch().select(["_dlt_id", "row_number", "read_at", "seat_id", "_dlt_load_id"])
    assert arrow.checked(SEATS, shuffled).schema == arrow.schema(SEATS)
    assert not arrow.schema(SEATS).field("seat_id").nullable


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (batch(mood="blue"), "rows for seats and its declared columns differ in: mood"),
        (batch().drop_columns(["row_number"]), "rows for seats and its declared columns differ in: row_number"),
        (batch(seat_id=None), "seats.seat_id is null in 1 rows"),
        (
            batch().set_column(1, "row_number", pa.array(["one"])),
            "seats.row_number should be int64, got string",
        ),
    ],
    ids=["another column", "a missing column", "a null", "another type"],
)
def test_a_batch_that_breaks_the_contract_is_refused_and_the_column_is_named(
    found: pa.RecordBatch, message: str
) -> None:
    with pytest.raises(ContractBroken, match=message):
        arrow.checked(SEATS, found)


def test_a_file_has_a_row_group_for_each_batch_and_a_dictionary_for_texts_only(tmp_path: Path) -> None:
    target = tmp_path / "seats.parquet"
    batches = [arrow.checked(SEATS, batch(seat_id=seat_id)) for seat_id in ("a", "b")]
    assert arrow.write(SEATS, batches, target) == 2
    found = pq.ParquetFile(target)
    assert found.read() == pa.Table.from_batches(batches)
    assert found.num_row_groups == 2
    columns = [found.metadata.row_group(0).column(place) for place in range(found.metadata.num_columns)]
    assert {column.path_in_schema for column in columns if column.has_dictionary_page} == {"seat_id", "_dlt_load_id"}


def test_the_columns_of_a_load_are_added_and_the_number_of_a_row_becomes_its_id() -> None:
    read_at = dt.datetime(2026, 5, 1, 12, 30)
    batch = pa.RecordBatch.from_pydict({"name": ["a", "b"], "row_no": pa.array([7, 12], pa.int64())})
    assert arrow.of_load(batch, "17.5", read_at).to_pylist() == [
        {"name": "a", "read_at": read_at, "_dlt_load_id": "17.5", "_dlt_id": "17.5.7"},
        {"name": "b", "read_at": read_at, "_dlt_load_id": "17.5", "_dlt_id": "17.5.12"},
    ]
