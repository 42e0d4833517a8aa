"""The raw tables in Glue. Athena needs them to read the files of the lake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.aws.session import AwsSession
from pipelines.raw import contract
from pipelines.raw.table import Column, Table

GlueTable = dict[str, Any]

PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {
        "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    },
}
JSON_LINES = {
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "SerdeInfo": {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"serialization.format": "1"},
    },
}
# The fields of GetTables that UpdateTable accepts.
WRITABLE = {
    "Name",
    "Description",
    "Owner",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "TableType",
    "Parameters",
}


class WrongCatalog(Exception):
    """Glue has no database, or has a column that this version would retype or drop. The message says what to do."""


@dataclass(frozen=True)
class Registered:
    """Names of the raw tables by what was done."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def register(sources: Mapping[str, Iterable[Table]], lake_url: str, prefix: str, aws: AwsSession) -> Registered:
    """Make the raw tables in Glue equal to the contract. Tables that are already equal cost one request.

    `sources` are the tables by source name. If one table is refused, no table is written. Raises WrongCatalog, and
    the errors of botocore.
    """
    database = f"{prefix}_raw"
    glue = aws.client("glue")
    try:
        pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
        found: dict[str, GlueTable] = {table["Name"]: table for page in pages for table in page["TableList"]}
    except glue.exceptions.EntityNotFoundException:
        raise WrongCatalog(
            f"Glue in {aws.region} has no database {database}; `make infra` makes it, named after GLUE_PREFIX"
        ) from None
    wanted: dict[str, GlueTable] = {}
    for source, tables in sources.items():
        for table, columns in contract.stored(tables).items():
            name = contract.identifier(source, table.name)
            folder = f"{lake_url.rstrip('/')}/{source}"
            wanted[name] = _wanted(name, table, columns, folder, database, found.get(name))
    created = [name for name in wanted if name not in found]
    changed = [name for name in wanted if name in found and wanted[name] != _writable(found[name])]
    for name in created:
        glue.create_table(DatabaseName=database, TableInput=wanted[name])
    for name in changed:
        # Without SkipArchive Glue keeps every earlier version of the table, up to a quota.
        glue.update_table(DatabaseName=database, TableInput=wanted[name], SkipArchive=True)
    return Registered(
        tuple(created), tuple(changed), tuple(name for name in wanted if name not in {*created, *changed})
    )


def _wanted(
    name: str, table: Table, columns: Iterable[Column], location: str, database: str, found: GlueTable | None
) -> GlueTable:
    """The wanted definition of a table. Properties set by other tools are kept, unless they change how Athena reads."""
    form, classification = (JSON_LINES, "json") if table is contract.LOADS else (PARQUET, "parquet")
    kept = _writable(found or {})
    return kept | {
        "Name": name,
        "Description": table.description,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [],
        "Parameters": kept["Parameters"] | {"EXTERNAL": "TRUE", "classification": classification},
        "StorageDescriptor": kept["StorageDescriptor"]
        | form
        | {
            "Columns": _columns(f"{database}.{name}", columns, kept["StorageDescriptor"].get("Columns", [])),
            "Location": f"{location}/{table.name}/",
            "Compressed": False,
        },
    }


def _writable(found: Mapping[str, Any]) -> GlueTable:
    empty: GlueTable = {"StorageDescriptor": {}, "Parameters": {}, "PartitionKeys": []}
    return empty | {key: value for key, value in found.items() if key in WRITABLE}


def _columns(table: str, columns: Iterable[Column], found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Glue's columns in their order, then the new columns. Raises WrongCatalog for a retyped or unknown column."""
    ours = {column["Name"]: column for column in contract.glue_columns(columns)}
    for column in found:
        name, kind = column["Name"], column["Type"]
        now = ours[name]["Type"] if name in ours else "no such column"
        if kind != now:
            database, bare = table.split(".")
            raise WrongCatalog(
                f"Glue holds {table}.{name} as {kind}, this version has {now}; a raw column is never renamed or "
                "retyped. Use the version that made the table, or drop it, which leaves its files, and the next run "
                f"makes it again: aws glue delete-table --database-name {database} --name {bare}"
            )
    in_order = [column["Name"] for column in found]
    return [ours[name] for name in dict.fromkeys((*in_order, *ours))]
