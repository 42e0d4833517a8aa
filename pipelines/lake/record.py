"""What the lake says of itself: its layout, whose it is, which columns it holds, how its last run ended."""

import datetime as dt
import hashlib
from typing import Any

from pipelines import contract
from pipelines.lake.place import Lake

LAYOUT = 1
RECORD = "lake.json"
LAST_RUN = "last_run.json"


class WrongLake(Exception):
    """The lake was made by another layout, for other columns or for another account."""


def admitted(lake: Lake) -> dict[str, Any]:
    """The lake's record, its columns extended by this version's. Raises WrongLake; writes nothing."""
    kept = lake.read_json(RECORD) or {"layout": LAYOUT, "account": None, "columns": {}}
    if kept.get("layout") != LAYOUT:
        raise WrongLake(
            f"{lake.url} has layout {kept.get('layout')}, this version reads layout {LAYOUT}; "
            "use the version that made it, or another LAKE_URL"
        )
    try:
        columns = contract.evolve(kept["columns"])
    except contract.ContractBroken as error:
        raise WrongLake(f"{lake.url}: {error}") from None
    return kept | {"columns": columns}


def claim(lake: Lake, record: dict[str, Any], account_id: str) -> None:
    """Write the account into a new lake. Raises WrongLake when it belongs to another."""
    account = hashlib.sha256(account_id.encode()).hexdigest()[:16]
    if record["account"] not in (None, account):
        raise WrongLake(
            f"{lake.url} belongs to another Spotify account; one lake holds one account: set LAKE_URL and DUCKDB_PATH"
        )
    if lake.read_json(RECORD) != record | {"account": account}:
        lake.write_json(RECORD, record | {"account": account})


def last_read_at(lake: Lake) -> dt.datetime | None:
    """The clock of the last run that ended well."""
    last = lake.read_json(LAST_RUN)
    return dt.datetime.fromisoformat(last["read_at"]) if last and last.get("read_at") else None
