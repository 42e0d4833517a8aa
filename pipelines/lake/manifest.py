"""What the lake says of itself: its layout, whose it is, which columns it holds, how its last run ended."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from pipelines.lake.store import Lake
from pipelines.raw import contract

LAYOUT = 1
RECORD = "lake.json"
LAST_RUN = "last_run.json"
LAST_BUILD = "last_build.json"
LAST_FAILURE = "last_failure.json"
ROTATED_TOKEN = "rotated_token"
OWN = (RECORD, LAST_RUN, LAST_BUILD, LAST_FAILURE, ROTATED_TOKEN)


class WrongLake(Exception):
    """The lake was made by another layout, for other columns or for another account."""


def open_manifest(lake: Lake) -> dict[str, Any]:
    """The lake's record, its columns extended by this version's. Raises WrongLake; writes nothing."""
    kept = lake.read_json(RECORD) or {"layout": LAYOUT, "accounts": [], "columns": {}}
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


def bind_account(lake: Lake, record: dict[str, Any], account_ids: Iterable[str]) -> None:
    """Write the account into a new lake. Raises WrongLake when it belongs to another.

    An account has one id or two (`account_id` came in May 2026), so one in common is enough. Fingerprints are kept,
    not the ids.
    """
    ours = {hashlib.sha256(account_id.encode()).hexdigest()[:16] for account_id in account_ids}
    kept = set(record["accounts"])
    if kept and not kept & ours:
        raise WrongLake(
            f"{lake.url} belongs to another Spotify account; one lake holds one account: set LAKE_URL and DUCKDB_PATH"
        )
    now = record | {"accounts": sorted(kept | ours)}
    if lake.read_json(RECORD) != now:
        lake.write_json(RECORD, now)


def accounts(lake: Lake) -> list[str]:
    """Fingerprints of the account's ids; empty for a lake that holds nothing yet."""
    return list((lake.read_json(RECORD) or {}).get("accounts", ()))


def last_read_at(lake: Lake) -> dt.datetime | None:
    """The clock of the last run that ended well."""
    last = lake.read_json(LAST_RUN)
    return dt.datetime.fromisoformat(last["read_at"]) if last and last.get("read_at") else None
