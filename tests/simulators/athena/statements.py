"""The kind of a statement, and Trino's form of a CTAS."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulators.athena.sql_tokens import Reader, Token, Unexpected

# First words -> StatementType, SubstatementType. Longer words come first. A star: run with Glue calls.
KINDS = {
    "create external table": "DDL CREATE_TABLE *",
    "create table": "DDL CREATE_TABLE_AS_SELECT",
    "create or replace view": "DDL CREATE_VIEW",
    "create view": "DDL CREATE_VIEW",
    "create schema": "DDL CREATE_DATABASE *",
    "create database": "DDL CREATE_DATABASE *",
    "alter table": "DDL ALTER_TABLE *",
    "drop table": "DDL DROP_TABLE *",
    "drop view": "DDL DROP_VIEW *",
    "drop schema": "DDL DROP_DATABASE *",
    "drop database": "DDL DROP_DATABASE *",
    "show tables": "UTILITY SHOW_TABLES *",
    "show databases": "UTILITY SHOW_DATABASES *",
    "show schemas": "UTILITY SHOW_DATABASES *",
    "explain": "DML EXPLAIN",
    "insert into": "DML INSERT",
    "select": "DML SELECT",
    "with": "DML SELECT",
    "values": "DML SELECT",
    "(": "DML SELECT",
}
SAME_IN_TRINO = ("external_location", "partitioned_by", "bucketed_by", "bucket_count")
COMPRESSIONS = ("write_compression", "parquet_compression", "orc_compression")


class Refused(Exception):
    """Athena refuses to start the statement, with an InvalidRequestException."""


@dataclass(frozen=True)
class Statement:
    """`sql` is for Trino. Only a CTAS has `table` and `location`. `through_glue` marks Hive DDL."""

    sql: str
    type: str
    subtype: str
    through_glue: bool = False
    table: tuple[str | None, str] | None = None
    location: str | None = None
    compression: str | None = None


def understood(sql: str) -> Statement:
    """Raises Refused for a statement that Athena or this simulator does not know."""
    bare = sql.strip().rstrip(";")
    reader = Reader(bare)
    kind = next((kind for words, kind in KINDS.items() if reader.take(words)), None)
    if kind is None:
        raise Refused("Queries of this type are not supported")
    statement_type, subtype, *star = kind.split()
    try:
        if subtype == "CREATE_TABLE_AS_SELECT":
            return _ctas(bare, reader)
        return Statement(bare, statement_type, subtype, through_glue=bool(star))
    except Unexpected as error:
        raise Refused(f"line 1:1: {error}") from error


def _ctas(sql: str, reader: Reader) -> Statement:
    reader.take("if not exists")
    table = reader.name()
    if reader.take("comment"):
        reader.one("text")
    properties: dict[str, Sequence[Token]] = {}
    before = after = reader.tokens[reader.at - 1].end
    if reader.take("with"):
        for name, equals, *given in reader.items():
            if equals.raw != "=" or not given:
                raise Unexpected(f"mismatched input {equals.raw!r}")
            properties[name.value] = given
        after = reader.tokens[reader.at - 1].end
    reader.need("as")

    def value(name: str, default: str) -> str:
        return properties[name][0].value if name in properties else default

    if value("table_type", "hive").lower() != "hive":
        raise Refused("the Athena simulator has only Hive tables: this project makes no Iceberg tables")
    if unknown := set(properties) - {"table_type", "is_external", "format", *SAME_IN_TRINO, *COMPRESSIONS}:
        raise Refused(f"Table properties {sorted(unknown)} are not supported")
    # Athena compresses Parquet with GZIP by default.
    compression = next((value(name, "") for name in COMPRESSIONS if name in properties), "gzip")
    kept = [f"format = '{value('format', 'parquet').upper()}'"]
    kept += [
        f"{name} = {sql[properties[name][0].start : properties[name][-1].end]}"
        for name in SAME_IN_TRINO
        if name in properties
    ]
    return Statement(
        sql=f"{sql[:before]} with ({', '.join(kept)}){sql[after:]}",
        type="DDL",
        subtype="CREATE_TABLE_AS_SELECT",
        table=table,
        location=value("external_location", "") or None,
        compression=compression.upper(),
    )


def with_location(statement: Statement, location: str) -> Statement:
    """Give a location to a CTAS that has none."""
    sql = statement.sql.replace(" with (format", f" with (external_location = '{location}', format", 1)
    return Statement(**vars(statement) | {"sql": sql, "location": location})
