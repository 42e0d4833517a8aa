"""Trino's rows in the form of Athena's GetQueryResults: values are text, a null has no value."""

import base64
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

# Athena's Precision of a type. All others have 0.
PRECISION = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "float": 17,
    "double": 17,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "varchar": 2147483647,
    "varbinary": 1073741824,
}


def column_info(column: Json) -> Json:
    signature = column["typeSignature"]
    kind = "float" if signature["rawType"] == "real" else signature["rawType"]
    sizes = [argument["value"] for argument in signature["arguments"] if argument["kind"] == "LONG"]
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": column["name"],
        "Label": column["name"],
        "Type": kind,
        "Precision": sizes[0] if sizes and kind in ("varchar", "char", "decimal") else PRECISION.get(kind, 0),
        "Scale": sizes[1] if kind == "decimal" else 0,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind in ("varchar", "char"),
    }


def header(columns: Sequence[Json]) -> Json:
    return {"Data": [{"VarCharValue": column["name"]} for column in columns]}


def row(columns: Sequence[Json], values: Sequence[Any]) -> Json:
    pairs = zip(columns, values, strict=True)
    return {
        "Data": [
            {} if value is None else {"VarCharValue": text(value, column["typeSignature"])} for column, value in pairs
        ]
    }


def text(value: Any, signature: Json) -> str:
    if value is None:
        return "null"
    inner = [argument["value"] for argument in signature["arguments"]]
    match signature["rawType"]:
        case "boolean":
            return str(value).lower()
        case "double" | "real":
            return java_double(value)
        case "varbinary":
            return base64.b64decode(value).hex(" ")
        case "array":
            return f"[{', '.join(text(each, inner[0]) for each in value)}]"
        case "map":
            # Keys are text in JSON, so Trino sends keys of any type as text.
            return "{" + ", ".join(f"{key}={text(each, inner[1])}" for key, each in value.items()) + "}"
        case "row":
            fields = [(field.get("fieldName") or {}).get("name", "") for field in inner]
            pairs = zip(fields, value, inner, strict=True)
            return "{" + ", ".join(f"{name}={text(each, kind['typeSignature'])}" for name, each, kind in pairs) + "}"
        case _:
            return str(value)


def java_double(value: float | str) -> str:
    """1.5, 100000.0, 1.0E7: scientific from 10^7 up and below 10^-3. Trino sends NaN and Infinity as text."""
    if isinstance(value, str):
        return value
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(float(value))
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    assert isinstance(exponent, int)
    first, *rest = map(str, digits)
    return f"{'-' * sign}{first}.{''.join(rest) or '0'}E{exponent + len(rest)}"
