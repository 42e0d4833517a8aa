"""The DuckDB file: whose tables it holds, and the questions that the summary asks of it."""

from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt import WarehouseBusy, WarehouseUnusable


def claim(file: Path, accounts: list[str]) -> None:
    """Mark a new file as the account's. Raises WarehouseUnusable for another account's, or a file of another kind."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as db:
        db.execute("create table if not exists main.made_for (account varchar)")
        found = {row[0] for row in db.execute("select account from main.made_for").fetchall()}
        if not found and accounts:
            db.execute("insert into main.made_for select unnest(?)", [accounts])
        elif found and accounts and not found & set(accounts):
            raise WarehouseUnusable(f"{file} holds another Spotify account's tables; set DUCKDB_PATH to another file")


def ask(file: Path, question: Path) -> list[tuple[Any, ...]]:
    """The rows that a question of transform/analyses/ gives."""
    with _opened(file, read_only=True) as db:
        return db.execute(question.read_text(encoding="utf-8")).fetchall()


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
