"""`register` makes Glue's raw tables equal to the contract. A second run makes one call and writes nothing."""

import shlex
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pipelines.aws.glue import Registered, WrongCatalog, register
from pipelines.aws.session import AwsSession
from pipelines.raw import contract
from pipelines.spotify.tables import TABLES
from tests.aws.glue_pages import InPages

REGION = "eu-central-1"
DATABASE = "listening_raw"
NAMES = {f"spotify__{name}" for name in (*TABLES, "_dlt_loads")}
KEPT = ("Name", "Description", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
Table = dict[str, Any]


class Glue:
    """The catalogue of the account as another program reads it. `asked` has the calls of the last `register`."""

    def __init__(self) -> None:
        self.client: Any = boto3.client("glue", region_name=REGION)
        self.asked: list[str] = []
        self.is_in_pages = False

    def register(self) -> Registered:
        aws = InPages(REGION) if self.is_in_pages else AwsSession(REGION)
        try:
            return register({"spotify": TABLES.values()}, "s3://bucket/lake", "listening", aws)
        finally:
            self.asked = [name.removeprefix("glue.") for name in aws.requests.elements()]

    def table(self, name: str) -> Table:
        found: Table = self.client.get_table(DatabaseName=DATABASE, Name=name)["Table"]
        return found

    def tables(self) -> dict[str, Table]:
        pages = self.client.get_paginator("get_tables").paginate(DatabaseName=DATABASE)
        return {table["Name"]: table for page in pages for table in page["TableList"]}

    def columns(self, name: str) -> dict[str, str]:
        return {column["Name"]: column["Type"] for column in self.table(name)["StorageDescriptor"]["Columns"]}

    def change(self, name: str, by: Callable[[Table], object]) -> None:
        table = {key: self.table(name)[key] for key in KEPT}
        by(table)
        self.client.update_table(DatabaseName=DATABASE, TableInput=table)


@pytest.fixture
def glue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Glue]:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with mock_aws():
        glue = Glue()
        glue.client.create_database(DatabaseInput={"Name": DATABASE})
        yield glue


@pytest.fixture
def registered(glue: Glue) -> Glue:
    glue.register()
    return glue


def column(table: Table, name: str) -> dict[str, str]:
    found: dict[str, str] = next(one for one in table["StorageDescriptor"]["Columns"] if one["Name"] == name)
    return found


def test_every_table_of_the_contract_is_created_with_its_columns_and_types(glue: Glue) -> None:
    made = glue.register()
    assert set(made.created) == NAMES
    assert glue.tables().keys() == NAMES
    for name, columns in contract.declared(TABLES.values()).items():
        hive = {name: contract.HIVE_TYPES[kind] for name, kind in columns.items()}
        assert glue.columns(contract.identifier("spotify", name)) == hive | {
            "_dlt_load_id": "string",
            "_dlt_id": "string",
        }
    assert set(contract.HIVE_TYPES.values()) == {"string", "bigint", "boolean", "timestamp", "date"}


def test_a_table_reads_the_parquet_files_of_its_own_folder_and_has_no_partitions(registered: Glue) -> None:
    table = registered.table("spotify__recently_played")
    assert table["StorageDescriptor"]["Location"] == "s3://bucket/lake/spotify/recently_played/"
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
    assert table["TableType"] == "EXTERNAL_TABLE"
    assert table["Parameters"] == {"EXTERNAL": "TRUE", "classification": "parquet"}
    assert table["PartitionKeys"] == []


def test_the_table_of_loads_reads_json_and_keeps_times_as_text(registered: Glue) -> None:
    storage = registered.table("spotify___dlt_loads")["StorageDescriptor"]
    assert storage["Location"] == "s3://bucket/lake/spotify/_dlt_loads/"
    assert storage["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    columns = {"load_id": "string", "schema_name": "string", "status": "bigint", "inserted_at": "string"}
    assert registered.columns("spotify___dlt_loads") == columns


def test_descriptions_are_copied_to_glue_and_fit_its_length_limits(registered: Glue) -> None:
    for table, columns in contract.stored(TABLES.values()).items():
        made = registered.table(contract.identifier("spotify", table.name))
        assert made["Description"] == table.description
        comments = {one["Name"]: one["Comment"] for one in made["StorageDescriptor"]["Columns"]}
        assert comments == {column.name: column.description for column in columns}
        assert all(len(comment.encode()) <= 255 for comment in comments.values())


def test_a_second_run_makes_one_call_and_changes_nothing(registered: Glue) -> None:
    before = registered.tables()
    again = registered.register()
    assert registered.asked == ["GetTables"]
    assert (again.created, again.changed, set(again.unchanged)) == ((), (), NAMES)
    assert registered.tables() == before


def test_all_pages_of_the_list_of_tables_are_read(glue: Glue) -> None:
    for number in range(120):
        glue.client.create_table(DatabaseName=DATABASE, TableInput={"Name": f"_a_table_of_others_{number}"})
    glue.is_in_pages = True
    assert set(glue.register().created) == NAMES
    assert glue.asked.count("GetTables") == 2
    assert glue.register().created == ()
    assert glue.asked == ["GetTables", "GetTables"]


def test_a_new_column_is_added_after_the_existing_columns(registered: Glue) -> None:
    registered.change(
        "spotify__tracks", lambda table: table["StorageDescriptor"]["Columns"].remove(column(table, "isrc"))
    )
    before = list(registered.columns("spotify__tracks"))
    again = registered.register()
    assert (again.created, again.changed) == ((), ("spotify__tracks",))
    assert registered.asked == ["GetTables", "UpdateTable"]
    assert list(registered.columns("spotify__tracks")) == [*before, "isrc"]


def test_a_table_dropped_by_hand_is_created_again(registered: Glue) -> None:
    before = registered.table("spotify__tracks")["StorageDescriptor"]
    registered.client.delete_table(DatabaseName=DATABASE, Name="spotify__tracks")
    assert registered.register().created == ("spotify__tracks",)
    assert registered.asked == ["GetTables", "CreateTable"]
    assert registered.table("spotify__tracks")["StorageDescriptor"] == before


CHANGES: dict[str, Callable[[Table], object]] = {
    "location": lambda table: table["StorageDescriptor"].update(Location="s3://bucket/elsewhere/"),
    "serde": lambda table: table["StorageDescriptor"]["SerdeInfo"].update(SerializationLibrary="org.example.SerDe"),
    "format": lambda table: table["StorageDescriptor"].update(InputFormat="org.apache.hadoop.mapred.TextInputFormat"),
    "comment": lambda table: column(table, "isrc").update(Comment="mine"),
    "description": lambda table: table.update(Description="mine"),
    "kind": lambda table: table.update(TableType="MANAGED_TABLE"),
    "classification": lambda table: table["Parameters"].pop("classification"),
    "partitions": lambda table: table.update(PartitionKeys=[{"Name": "load_month", "Type": "string"}]),
}


@pytest.mark.parametrize("by", CHANGES.values(), ids=CHANGES)
def test_a_table_changed_by_hand_is_corrected(registered: Glue, by: Callable[[Table], object]) -> None:
    before = registered.table("spotify__tracks")
    registered.change("spotify__tracks", by)
    assert registered.register().changed == ("spotify__tracks",)
    assert {key: registered.table("spotify__tracks")[key] for key in KEPT} == {key: before[key] for key in KEPT}
    assert registered.register().changed == ()


def test_properties_set_by_other_tools_are_kept(registered: Glue) -> None:
    registered.client.create_table(DatabaseName=DATABASE, TableInput={"Name": "notes", "Description": "theirs"})
    registered.change("spotify__tracks", lambda table: table["Parameters"].update(owner_team="music"))
    registered.change("spotify__tracks", lambda table: table.update(Description="mine"))
    assert registered.register().changed == ("spotify__tracks",)
    assert registered.table("spotify__tracks")["Parameters"]["owner_team"] == "music"
    assert registered.table("notes")["Description"] == "theirs"


def retype(table: Table) -> None:
    column(table, "duration_ms").update(Type="string")


def add(table: Table) -> None:
    table["StorageDescriptor"]["Columns"].append({"Name": "mood", "Type": "string"})


@pytest.mark.parametrize(
    ("by", "message"), [(retype, "duration_ms as string, .* bigint"), (add, "mood .* no such column")]
)
def test_a_column_that_this_version_would_change_is_refused_before_anything_is_written(
    registered: Glue, by: Callable[[Table], object], message: str
) -> None:
    registered.client.delete_table(DatabaseName=DATABASE, Name="spotify__me")
    registered.change("spotify__tracks", by)
    before = registered.tables()
    with pytest.raises(WrongCatalog, match=rf"{DATABASE}\.spotify__tracks\.{message}") as refused:
        registered.register()
    assert registered.tables() == before
    (command,) = [part for part in str(refused.value).split(": ") if part.startswith("aws glue ")]
    asked = dict(zip(shlex.split(command)[3::2], shlex.split(command)[4::2], strict=True))
    registered.client.delete_table(DatabaseName=asked["--database-name"], Name=asked["--name"])
    assert registered.register().created == ("spotify__me", "spotify__tracks")


def test_the_message_about_a_missing_database_names_the_command_that_creates_it(glue: Glue) -> None:
    with pytest.raises(WrongCatalog, match=r"no database other_raw; `make infra`.*GLUE_PREFIX"):
        register({"spotify": TABLES.values()}, "s3://bucket/lake", "other", AwsSession(REGION))
    assert glue.client.get_databases()["DatabaseList"][0]["Name"] == DATABASE
