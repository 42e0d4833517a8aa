"""Where the tables are built: a DuckDB file at home, Athena in production. Whose they are, and what they answer."""

from pathlib import Path
from typing import Any, Protocol

import duckdb

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import TRANSFORM, WarehouseBusy, WarehouseUnusable
from pipelines.aws.session import AwsSession
from pipelines.settings import Settings
from pipelines.sources import SOURCES

Rows = list[tuple[Any, ...]]


class Warehouse(Protocol):
    """`str()` of it is the address that people are told."""

    def prepare(self, accounts: list[str], aws: AwsSession) -> None: ...
    def ask(self, question: str) -> Rows: ...


class DuckDBFile:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __str__(self) -> str:
        return str(self.file)

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """Mark a new file as the account's. Raises WarehouseUnusable for another's, or a file of another kind."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with _opened(self.file) as db:
            db.execute("create table if not exists main.made_for (account varchar)")
            found = {row[0] for row in db.execute("select account from main.made_for").fetchall()}
            if not found and accounts:
                db.execute("insert into main.made_for select unnest(?)", [accounts])
            elif found and accounts and not found & set(accounts):
                raise WarehouseUnusable(
                    f"{self.file} holds another Spotify account's tables; set DUCKDB_PATH to another file"
                )

    def ask(self, question: str) -> Rows:
        """The rows that a question of transform/analyses/ gives."""
        with _opened(self.file, read_only=True) as db:
            return db.execute(_text(question)).fetchall()


class Athena:
    """Tables in Glue; they stand beside the lake that they are made from, whose account is known."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __str__(self) -> str:
        return f"Athena database {self._settings.glue_prefix}_marts, work group {self._settings.work_group}"

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """The raw tables in Glue. Raises what `pipelines.aws.glue.register` raises."""
        from pipelines.aws.glue import register

        tables = {source.name: source.tables.values() for source in SOURCES}
        register(tables, self._settings.lake_url, self._settings.glue_prefix, aws)

    def ask(self, question: str) -> Rows:
        text = _text(question).replace("from marts.", f"from {self._settings.glue_prefix}_marts.")
        with dbt.environment(self._settings):
            return dbt.show(TRANSFORM, self._settings.target, self._settings.work_dir / "dbt", text)


def of(settings: Settings) -> Warehouse:
    return Athena(settings) if settings.target == "prod" else DuckDBFile(settings.duckdb_path)


def _text(question: str) -> str:
    return (TRANSFORM / "analyses" / f"{question}.sql").read_text(encoding="utf-8")


def _opened(file: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), read_only=read_only)
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason:
            raise WarehouseBusy(
                f"{file} is open in another program; close it and run `make build` ({reason})"
            ) from None
        raise WarehouseUnusable(
            f"{file} is no DuckDB file of this version; move it away, and `make build` makes it again ({reason})"
        ) from None
