"""What is declared in the tables, made into every form that needs it: dlt schema, dbt sources, row check."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.spotify.tables import TABLES
from pipelines.table import Column, Table

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


def dbt_sources() -> str:
    """The dbt source file: every raw table with typed, described columns."""
    tables: list[dict[str, Any]] = [_dbt_table(table) for table in TABLES.values()]
    tables.append(
        {
            "name": "_dlt_loads",
            "description": "One row per completed load; dlt's own record, JSON lines.",
            "columns": [
                {"name": "load_id", "data_type": "varchar", "description": "Id of the load."},
                {"name": "schema_name", "data_type": "varchar", "description": "Name of the dlt schema."},
                {"name": "status", "data_type": "bigint", "description": "0 when the load is complete."},
                {"name": "inserted_at", "data_type": "varchar", "description": "When the record was written, ISO."},
            ],
        }
    )
    source = {
        "name": "spotify",
        "description": "What Spotify said, append-only, as the lake holds it.",
        "database": "{{ 'awsdatacatalog' if target.type == 'athena' else target.database }}",
        "schema": "{{ env_var('RAW_SCHEMA', 'raw') }}",
        "tables": tables,
    }
    return GENERATED + yaml.safe_dump({"version": 2, "sources": [source]}, sort_keys=False, width=120)


def _dbt_table(table: Table) -> dict[str, Any]:
    columns = [
        {"name": column.name, "data_type": SQL_TYPES[column.type], "description": column.description}
        for column in table.all_columns
    ]
    columns.append({"name": "_dlt_load_id", "data_type": "varchar", "description": "Load that brought the row."})
    return {"name": table.name, "description": table.description, "columns": columns}
