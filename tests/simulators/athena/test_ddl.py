"""Hive DDL, which Trino does not have, and CTAS with Athena's properties."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.simulators.athena.conftest import Person

OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
MADE = "create table t with (external_location = 's3://bucket/t/') as select 1 as a, 'x' as b"


def columns(person: Person, name: str) -> dict[str, str]:
    return {column["Name"]: column["Type"] for column in person.table(name)["StorageDescriptor"]["Columns"]}


def parameters(person: Person, name: str) -> dict[str, Any]:
    return dict(person.table(name)["Parameters"])


def test_an_external_table_is_read_with_its_serde(person: Person) -> None:
    person.put("csv/a.csv", b'"1";"x;y"\n"2";"z"\n')
    execution = person.done(
        f"""
        -- as dbt writes one for a seed
        create external table if not exists `awsdatacatalog`.`d`.`c` (`a` string comment 'it''s a', `b` string)
        comment 'Letters' row format serde '{OPEN_CSV}' with serdeproperties ('separatorChar' = ';')
        location 's3://bucket/csv/' tblproperties ('classification' = 'csv')
        """
    )
    assert (execution["StatementType"], execution["Statistics"]["DataScannedInBytes"]) == ("DDL", 0)
    assert person.rows("select a, b from c order by a") == [["1", "x;y"], ["2", "z"]]
    table = person.table("c")
    assert table["Description"] == "Letters"
    assert table["StorageDescriptor"]["Columns"][0]["Comment"] == "it's a"
    assert table["Parameters"]["classification"] == "csv"


def test_an_external_table_has_partitions_and_nested_types(person: Person) -> None:
    person.done(
        "create external table p (a array<struct<x:int,y:string>>, b decimal(10, 2)) "
        "partitioned by (month string) stored as parquet location 's3://bucket/p/'"
    )
    assert columns(person, "p") == {"a": "array<struct<x:int,y:string>>", "b": "decimal(10,2)"}
    assert person.table("p")["PartitionKeys"] == [{"Name": "month", "Type": "string"}]
    assert person.rows("select * from p") == []


def test_a_table_that_exists_is_made_again_only_when_that_is_allowed(person: Person) -> None:
    make = "create external table {} e (a int) location 's3://bucket/e/'"
    person.done(make.format(""))
    person.done(make.format("if not exists"))
    assert "AlreadyExistsException" in person.reason(make.format(""))


def test_new_properties_are_added_to_the_old_ones(person: Person) -> None:
    person.done(MADE)
    before = parameters(person, "t")
    execution = person.done("alter table `d`.`t` set tblproperties ('classification' = 'parquet', 'it''s' = 'so')")
    assert execution["SubstatementType"] == "ALTER_TABLE"
    assert parameters(person, "t") == before | {"classification": "parquet", "it's": "so"}


def test_hive_ddl_creates_the_database_default_or_is_refused_without_the_right(person: Person) -> None:
    person.done(MADE)
    person.glue.delete_database(Name="default")
    alter = "alter table d.t set tblproperties ('a' = 'b')"
    for statement in (alter, "show tables in d", "drop table d.t"):
        assert "not authorized to perform: glue:CreateDatabase" in person.reason(statement)
    person.rows("select * from t")
    person.control.may_create_default = True
    person.done(alter)
    assert person.glue.get_database(Name="default")


def test_an_added_column_reads_null_in_older_files(person: Person) -> None:
    person.done(MADE)
    person.done("alter table d.t add columns (`c` bigint comment 'new', d decimal(4, 1))")
    assert columns(person, "t") == {"a": "int", "b": "varchar(1)", "c": "bigint", "d": "decimal(4,1)"}
    assert person.rows("select * from t") == [["1", "x", None, None]]


def test_a_hive_table_cannot_be_renamed(person: Person) -> None:
    person.done(MADE)
    assert "RENAME TO is supported for Iceberg tables only" in person.reason("alter table d.t rename to d.u")


@pytest.mark.parametrize("sql", ["alter table d.t drop column b", "alter table d.t touch"])
def test_an_unknown_alteration_is_refused(person: Person, sql: str) -> None:
    person.done(MADE)
    assert "ParseException" in person.reason(sql)


def test_a_dropped_table_leaves_its_files(person: Person) -> None:
    person.done(MADE)
    person.done("drop table `d`.`t`")
    assert person.s3.list_objects_v2(Bucket="bucket", Prefix="t/")["KeyCount"] == 1
    person.done("drop table if exists d.t")
    assert "t not found" in person.reason("drop table d.t")


def test_schemas_are_made_and_dropped(person: Person) -> None:
    person.done("create schema if not exists `s` comment 'mine' location 's3://bucket/s/'")
    person.done("create database if not exists s")
    assert "AlreadyExistsException" in person.reason("create schema s")
    assert person.glue.get_database(Name="s")["Database"]["Description"] == "mine"
    person.done("create external table s.e (a int) location 's3://bucket/e/'")
    assert "is not empty" in person.reason("drop schema s")
    person.done("drop schema s cascade")
    person.done("drop schema if exists s")
    assert "SemanticException" in person.reason("drop schema s")


def test_lists_of_tables_and_schemas_have_no_row_of_names(person: Person) -> None:
    person.done(MADE)
    execution = person.done("show tables in `d`")
    assert execution["StatementType"] == "UTILITY"
    assert person.pages(execution)[0]["ResultSet"]["Rows"] == [{"Data": [{"VarCharValue": "t"}]}]
    names = [{"Data": [{"VarCharValue": name}]} for name in ("d", "default")]
    assert person.pages(person.done("show databases"))[0]["ResultSet"]["Rows"] == names


def test_a_view_is_in_glue_and_reads_the_current_rows_of_its_table(person: Person) -> None:
    person.done(MADE)
    execution = person.done('create or replace view "awsdatacatalog"."d"."v" as select a * 10 as a from "d"."t"')
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DDL", "CREATE_VIEW")
    assert person.pages(execution)[0]["ResultSet"]["Rows"] == []
    assert person.table("v")["TableType"] == "VIRTUAL_VIEW"
    person.done("insert into t values (2, 'y')")
    assert person.rows("select a from v order by a") == [["10"], ["20"]]
    person.done("create or replace view v as select 'other' as b")
    assert person.rows("select * from v") == [["other"]]
    person.done("drop view if exists v")
    with pytest.raises(ClientError, match="not found"):
        person.table("v")


def test_a_ctas_has_athenas_properties(person: Person) -> None:
    execution = person.done(
        """
        create table "awsdatacatalog"."d"."t"
        with (table_type = 'hive', is_external = true, external_location = 's3://bucket/made/t',
              partitioned_by = ARRAY['m'], format = 'parquet', write_compression = 'zstd')
        as select n, 'with (a, b)' as s, n % 2 as m from (values 1, 2, 3) as v (n)
        """
    )
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    answer = person.pages(execution)[0]
    assert (answer["UpdateCount"], answer["ResultSet"]["Rows"]) == (3, [])
    table = person.table("t")
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert table["StorageDescriptor"]["Location"].rstrip("/") == "s3://bucket/made/t"
    assert [column["Name"] for column in table["PartitionKeys"]] == ["m"]
    assert person.rows("select n, s from t where m = 1 order by n") == [["1", "with (a, b)"], ["3", "with (a, b)"]]


@pytest.mark.parametrize(("written", "found"), [("", b"gzip"), ("write_compression = 'zstd',", b"zstd")])
def test_files_are_compressed_as_asked(person: Person, written: str, found: bytes) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    person.done(f"create table t with ({written} external_location = 's3://bucket/t/') as select 1 as a")
    [key] = [one["Key"] for one in person.s3.list_objects_v2(Bucket="bucket", Prefix="t/")["Contents"]]
    body = person.s3.get_object(Bucket="bucket", Key=key)["Body"].read()
    assert pq.read_metadata(pa.BufferReader(body)).row_group(0).column(0).compression.lower().encode() == found


def test_a_ctas_does_not_write_into_a_folder_with_files(person: Person) -> None:
    person.put("t/other.txt", b"x")
    assert person.reason(MADE).startswith("HIVE_PATH_ALREADY_EXISTS")


def test_a_ctas_without_a_location_writes_below_the_results(person: Person) -> None:
    execution = person.done("create table t as select 1 as a")
    location = person.table("t")["StorageDescriptor"]["Location"].rstrip("/")
    assert location == f"s3://bucket/results/tables/{execution['QueryExecutionId']}"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("create table t with (table_type = 'iceberg', location = 's3://b/') as select 1 as a", "Iceberg"),
        ("create table t with (colour = 'red') as select 1 as a", "colour"),
        ("create table t (a int)", "line 1:1"),
    ],
)
def test_a_ctas_with_unknown_properties_is_refused(person: Person, sql: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        person.start(sql)
