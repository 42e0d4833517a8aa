"""Glue's operations that Trino asks for and moto does not have: no column has statistics, no function is defined."""

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def _no_statistics(_: Json) -> Json:
    return {"ColumnStatisticsList": [], "Errors": []}


def _nothing_done(_: Json) -> Json:
    return {"Errors": []}


GLUE_GAPS: dict[str, Callable[[Json], Json]] = {
    "GetColumnStatisticsForTable": _no_statistics,
    "GetColumnStatisticsForPartition": _no_statistics,
    "UpdateColumnStatisticsForTable": _nothing_done,
    "UpdateColumnStatisticsForPartition": _nothing_done,
    "DeleteColumnStatisticsForTable": lambda _: {},
    "DeleteColumnStatisticsForPartition": lambda _: {},
    "GetUserDefinedFunctions": lambda _: {"UserDefinedFunctions": []},
}
