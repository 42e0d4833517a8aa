"""What is declared in the tables, made into every form needed: dlt schema, dbt sources, Glue columns, row check."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.raw.table import Column, Table, bigint, text
from pipelines.spotify.tables import TABLES

if TYPE_CHECKING:
    import dlt

Contract = dict[str, dict[str, str]]

PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "bigint": (int,),
    "bool": (bool,),
    "timestamp": (dt.datetime,),
    "date": (dt.date,),
}
SQL_TYPES = {"text": "varchar", "bigint": "bigint", "bool": "boolean", "timestamp": "timestamp", "date": "date"}
HIVE_TYPES = SQL_TYPES | {"text": "string"}
# What dlt adds to every row, and its record of the loads. Its times are text: ISO with an offset, which no JSON SerDe
# takes for a timestamp.
LINEAGE = (
    text("_dlt_load_id", "Load that brought the row.", null=False),
    text("_dlt_id", "Id of the row, given by dlt.", null=False),
)
LOADS = Table(
    "_dlt_loads",
    "One row per completed load; dlt's own record, JSON lines.",
    key=("load_id",),
    columns=(
        text("load_id", "Id of the load.", null=False),
        text("schema_name", "Name of the dlt schema."),
        bigint("status", "0 when the load is complete."),
        text("inserted_at", "When the record was written, ISO."),
    ),
)
GENERATED = "# Generated from pipelines/spotify/tables by `make contract`; edit there.\n"


class ContractBroken(Exception):
    """A row that does not fit its table, or a lake whose columns this version would rename or retype."""


def schema(resources: Sequence[str]) -> "dlt.Schema":
    """The dlt schema with every table and column, so that `freeze` holds from the first load on.

    dlt wants each table to be some resource's; one that several listings fill is put under the first of `resources`.
    """
    import dlt
    from dlt.common.schema.utils import new_table

    declared = dlt.Schema("spotify")
    for table in TABLES.values():
        declared.update_table(
            new_table(
                table.name,
                resource=table.name if table.name in resources else resources[0],
                write_disposition="append",
                columns=[hints(table, column) for column in table.all_columns],
            )
            | {"description": table.description, "file_format": "parquet"}
        )
    return declared


def hints(table: Table, column: Column) -> Any:
    found = {"name": column.name, "data_type": column.type, "nullable": column.null, "description": column.description}
    if column.type == "timestamp":
        found |= {"precision": 3, "timezone": False}
    if column.name in table.key:
        found["primary_key"] = True
    return found


def check(table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a row of the wrong type before dlt sees it: inside dlt it would block every later load.

    Raises ContractBroken with table, column, the row's key and what was found.
    """
    names = {column.name for column in table.all_columns}
    for row in rows:
        if row.keys() != names:
            odd = ", ".join(sorted(row.keys() ^ names))
            raise ContractBroken(f"a row for {table.name} and its declared columns differ in: {odd}")
        for column in table.all_columns:
            value = row[column.name]
            if value is None:
                if not column.null:
                    raise ContractBroken(f"{table.name}.{column.name} is null in {_named(table, row)}")
            elif not isinstance(value, PYTHON_TYPES[column.type]) or (
                column.type == "bigint" and isinstance(value, bool)
            ):
                raise ContractBroken(
                    f"{table.name}.{column.name} should be {column.type}, "
                    f"got {type(value).__name__} in {_named(table, row)}"
                )


def _named(table: Table, row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={row.get(name)}" for name in table.key)


def declared() -> Contract:
    """Column types by table, as kept in the lake's own record."""
    return {table.name: {column.name: column.type for column in table.all_columns} for table in TABLES.values()}


def evolve(kept: Contract) -> Contract:
    """The contract of a lake after this version's columns were added to it.

    Raises ContractBroken where a column of the lake is gone here or has another type: raw columns are only added.
    """
    ours = declared()
    for table, columns in kept.items():
        for name, kind in columns.items():
            now = ours.get(table, {}).get(name)
            if now != kind:
                raise ContractBroken(
                    f"the lake holds {table}.{name} as {kind}, this version has {now or 'no such column'}; "
                    "a raw column is never renamed or retyped"
                )
    return kept | ours


def stored() -> dict[Table, tuple[Column, ...]]:
    """Every table of the lake with its columns as the files hold them; both engines read these."""
    return {table: table.all_columns + LINEAGE for table in TABLES.values()} | {LOADS: LOADS.columns}


def glue_columns(columns: Iterable[Column]) -> list[dict[str, str]]:
    return [{"Name": column.name, "Type": HIVE_TYPES[column.type], "Comment": column.description} for column in columns]


def identifier(source: str, table: str) -> str:
    """Name of a raw table in the raw schema and in Glue, where the tables of all sources stand in one list."""
    return f"{source}__{table}"


def dbt_sources() -> str:
    """The dbt source file: every raw table with its key, its parent and typed, described columns."""
    source = {
        "name": "spotify",
        "description": "What Spotify said, append-only, as the lake holds it.",
        "schema": "{{ target.schema }}",
        "tables": [_dbt_table("spotify", table, columns) for table, columns in stored().items()],
    }
    return GENERATED + yaml.safe_dump({"version": 2, "sources": [source]}, sort_keys=False, width=120)


def _dbt_table(source: str, table: Table, columns: Iterable[Column]) -> dict[str, Any]:
    """One table of the dbt source file. Staging reads `meta`; `dbt source freshness` reads `freshness`."""
    config: dict[str, Any] = {"meta": {"key": list(table.key), "parent": list(table.parent)}}
    if table.stale_after_h:
        config |= {
            "loaded_at_field": "read_at",
            "freshness": {"warn_after": {"count": table.stale_after_h, "period": "hour"}},
        }
    return {
        "name": table.name,
        "identifier": identifier(source, table.name),
        "description": table.description,
        "config": config,
        "columns": [
            {"name": column.name, "data_type": SQL_TYPES[column.type], "description": column.description}
            for column in columns
        ],
    }
