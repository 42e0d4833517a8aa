"""Tables over the lake's files as dlt writes them, and partitions as dbt-athena replaces them."""

import datetime as dt
import gzip
import io
import json
import os
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.simulators.athena.conftest import Person

PARQUET = "stored as parquet location 's3://bucket/{}/'"
JSON_LINES = "row format serde 'org.openx.data.jsonserde.JsonSerDe' location 's3://bucket/{}/'"


def parquet(**columns: pa.Array) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written)
    return written.getvalue()


def test_timestamps_without_a_zone_are_read_unchanged(person: Person) -> None:
    at = dt.datetime(2026, 3, 29, 2, 30, 0, 123000)
    file = parquet(
        at=pa.array([at], pa.timestamp("ms")), day=pa.array([at.date()], pa.date32()), n=pa.array([2**40], pa.int64())
    )
    person.put("times/load_month=2026-03/1.0.parquet", file)
    person.done(f"create external table times (`at` timestamp, day date, n bigint) {PARQUET.format('times')}")
    assert person.rows('select "at", day, n from times') == [["2026-03-29 02:30:00.123", "2026-03-29", str(2**40)]]


def test_files_in_subfolders_are_read_and_the_folder_gives_no_column(person: Person) -> None:
    for month in ("2026-01", "2026-02"):
        person.put(f"t/load_month={month}/1.parquet", parquet(m=pa.array([month])))
    person.done(f"create external table t (m string) {PARQUET.format('t')}")
    assert person.rows("select * from t order by m") == [["2026-01"], ["2026-02"]]


def test_a_column_that_older_files_lack_reads_null(person: Person) -> None:
    person.put("t/1.parquet", parquet(a=pa.array(["old"])))
    person.put("t/2.parquet", parquet(b=pa.array([7], pa.int64()), a=pa.array(["new"])))
    person.done(f"create external table t (a string, b bigint) {PARQUET.format('t')}")
    assert person.rows("select a, b from t order by a") == [["new", "7"], ["old", None]]


@pytest.mark.parametrize("files", [{}, {"t/": b""}, {"t/init": b""}, {"t/load_month=2026-01/": b""}], ids=str)
def test_a_table_whose_folder_is_empty_or_absent_has_no_rows(person: Person, files: dict[str, bytes]) -> None:
    for key, body in files.items():
        person.put(key, body)
    person.done(f"create external table t (a string) {JSON_LINES.format('t')}")
    person.done(f"create external table p (a string) {PARQUET.format('absent')}")
    assert person.rows("select count(*) from t") == [["0"]]
    assert person.rows("select count(*) from p") == [["0"]]


def test_dlts_record_of_loads_is_a_table(person: Person) -> None:
    records: list[dict[str, Any]] = [
        {
            "load_id": f"177000000{n}.5",
            "schema_name": "spotify",
            "status": 0,
            "inserted_at": f"2026-05-0{n} 00:00:00+00:00",
        }
        for n in (1, 2, 3)
    ]
    lines = [json.dumps(record | {"schema_version_hash": "h="}) for record in records]
    person.put("_dlt_loads/init", b"")
    person.put(
        "_dlt_loads/spotify__1770000002.5.compacted.jsonl.gz", gzip.compress("\n".join(lines[:2]).encode() + b"\n")
    )
    person.put("_dlt_loads/spotify__1770000003.5.jsonl", lines[2].encode())
    person.done(
        "create external table `_dlt_loads` (load_id string, schema_name string, status bigint, inserted_at string) "
        + JSON_LINES.format("_dlt_loads")
    )
    wanted = [[record["load_id"], "0", record["inserted_at"]] for record in records]
    assert person.rows('select load_id, status, inserted_at from "_dlt_loads" order by 1') == wanted


def test_a_replaced_partition_has_only_the_new_rows(person: Person) -> None:
    person.done(
        "create table t with (external_location = 's3://bucket/t/', partitioned_by = array['m']) as "
        "select n, cast(m as varchar) as m from (values (1, '01'), (2, '01'), (3, '02')) as v (n, m)"
    )
    partition = person.glue.get_partitions(DatabaseName="d", TableName="t", Expression="m = '01'")["Partitions"]
    assert [one["Values"] for one in partition] == [["01"]]
    folder = partition[0]["StorageDescriptor"]["Location"].removeprefix("s3://bucket/").rstrip("/") + "/"
    person.glue.batch_delete_partition(DatabaseName="d", TableName="t", PartitionsToDelete=[{"Values": ["01"]}])
    for one in person.s3.list_objects_v2(Bucket="bucket", Prefix=folder)["Contents"]:
        person.s3.delete_object(Bucket="bucket", Key=one["Key"])
    assert person.rows("select n from t") == [["3"]]
    person.done("insert into t (n, m) (select * from (values (9, '01'), (4, '03')) as v (n, m))")
    assert person.rows("select n, m from t order by m") == [["9", "01"], ["3", "02"], ["4", "03"]]


def test_a_statement_writes_at_most_100_partitions(person: Person) -> None:
    many = "select n, cast(n as varchar) as m from unnest(sequence({}, {})) as s (n)"
    made = "create table t with (external_location = 's3://bucket/t/', partitioned_by = array['m']) as "
    person.done(made + many.format(1, 100))
    reason = person.reason(f"insert into t {many.format(101, 201)}")
    assert reason.startswith("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers")
    assert person.rows("select count(distinct m) from t") == [["100"]]


def test_bytes_scanned_are_those_of_the_columns_read(person: Person) -> None:
    # The file is larger than 3 MB. Trino reads smaller Parquet files whole.
    file = parquet(n=pa.array(range(20_000)), s=pa.array([os.urandom(100).hex() for _ in range(20_000)]))
    person.put("t/1.parquet", file)
    person.done(f"create external table t (n bigint, s string) {PARQUET.format('t')}")
    some = person.done("select sum(n) from t")["Statistics"]["DataScannedInBytes"]
    whole = person.done("select max(s), sum(n) from t")["Statistics"]["DataScannedInBytes"]
    assert 0 < some < 300_000 < 3_000_000 < whole
