"""The marts that the report reads, in the DuckDB file."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import duckdb

from orchestration.report.console import relative_path
from orchestration.warehouses.dbt import WarehouseBusy, WarehouseUnusable
from pipelines.settings import BadSetting, Settings

Row = dict[str, Any]
# From the first play or the first day that a source covers to the last one.
SPAN = """
select min(day) as first_day, max(day) as last_day
from (
    select played_on as day from listening_by_day where plays > 0
    union all
    select day from fct_coverage_days
)
"""
YEARS = "select year from recaps where plays > 0 order by year desc"


class Marts:
    """The tables of the schema `marts`. A query names them without the schema."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self._db = db
        db.execute("set search_path = 'marts'")

    def rows(self, query: str) -> list[Row]:
        found = self._db.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, query: str) -> Row:
        """The only row of a query, for instance of sums."""
        return self.rows(query)[0]

    @cached_property
    def years(self) -> list[int]:
        """The years with plays, newest first."""
        return [row["year"] for row in self.rows(YEARS)]

    def is_first(self, year: int) -> bool:
        """Is this the first year with plays? All artists are new in it, which says nothing."""
        return year == min(self.years, default=year)

    @cached_property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day about which something may be known; None without plays."""
        if not self.years:
            return None
        found = self.row(SPAN)
        return (found["first_day"], found["last_day"]) if found["first_day"] else None


@contextmanager
def opened(settings: Settings) -> Iterator[Marts]:
    """The marts of the DuckDB file. Raises BadSetting, WarehouseBusy or WarehouseUnusable when they cannot be read."""
    if settings.target == "prod":
        raise BadSetting(
            "the report reads the DuckDB file, and TARGET is prod: `make build TARGET=dev` makes the file from the "
            "same lake, then `make report TARGET=dev` writes the report"
        )
    file = relative_path(str(settings.duckdb_path))
    if not settings.duckdb_path.exists():
        raise BadSetting(f"{file} is not built yet; run `make elt` first")
    try:
        with duckdb.connect(str(settings.duckdb_path), read_only=True) as db:
            yield Marts(db)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        reason = str(error).splitlines()[0]
        raise WarehouseUnusable(
            f"{file} lacks a table or a column of this version; run `make build` ({reason})"
        ) from None
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason:
            raise WarehouseBusy(f"another program is writing to {file}; close it and try again ({reason})") from None
        raise WarehouseUnusable(f"{file} cannot be read; move it away and run `make build` ({reason})") from None
