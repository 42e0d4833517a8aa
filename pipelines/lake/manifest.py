"""The lake's JSON records: the manifest (layout, account, columns) and how the last runs ended."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from pipelines.lake import damage
from pipelines.lake.source import Source
from pipelines.lake.store import Lake
from pipelines.raw import contract
from pipelines.settings.own_data import MANIFEST as MANIFEST

LAYOUT = 1
MANIFEST_COPY = "lake.copy.json"
LAST_RUN = "last_run.json"
LAST_BUILD = "last_build.json"
LAST_FAILURE = "last_failure.json"
LAST_POLL = "last_poll.json"
ROTATED_TOKEN = "rotated_token"
# What the listener was told by each of the two functions of AWS Lambda, which keep no files.
TOLD = {"extract": "told_extract.json", "build": "told_build.json"}
ALL_RECORDS = (
    *(MANIFEST, MANIFEST_COPY, LAST_RUN, LAST_BUILD, LAST_FAILURE, LAST_POLL, ROTATED_TOKEN, damage.RECORD),
    *TOLD.values(),
)


class WrongLake(Exception):
    """The lake has another layout, other columns or another account."""


def open_manifest(lake: Lake, sources: Iterable[Source]) -> dict[str, Any]:
    """The manifest with this version's columns of `sources` added. Writes nothing. Raises WrongLake.

    `{"layout": 1, "accounts": [hashes], "columns": {source: {table: {column: type}}}}`
    """
    kept = _read(lake) or {"layout": LAYOUT, "accounts": [], "columns": {}}
    if kept.get("layout") != LAYOUT:
        raise WrongLake(
            f"{lake.url} has layout {kept.get('layout')}, this version reads layout {LAYOUT}; "
            "use the version that made it, or another LAKE_URL"
        )
    columns = dict(kept["columns"])
    for source in sources:
        try:
            columns[source.name] = contract.evolve(columns.get(source.name, {}), source.tables.values())
        except contract.ContractBroken as error:
            raise WrongLake(f"{lake.url}: {error}") from None
    return kept | {"columns": columns}


def bind_account(manifest: dict[str, Any], lake: Lake, account_ids: Iterable[str]) -> dict[str, Any]:
    """The manifest with the account in it. Raises WrongLake when the lake belongs to another account.

    A Spotify account has one id or two (`account_id` exists since May 2026), so one id in common is enough. The
    manifest keeps hashes of the ids. A source without an account has no ids and binds nothing.
    """
    ours = {hashlib.sha256(account_id.encode()).hexdigest()[:16] for account_id in account_ids}
    kept = set(manifest["accounts"])
    if ours and kept and not kept & ours:
        raise WrongLake(
            f"{lake.url} belongs to another Spotify account; one lake holds one account: set LAKE_URL and DUCKDB_PATH"
        )
    return manifest | {"accounts": sorted(kept | ours)}


def save_manifest(manifest: dict[str, Any], lake: Lake) -> None:
    """Write the manifest, unless the lake has the same one. A folder also gets a copy, which replaces a damaged one."""
    for name in (MANIFEST, MANIFEST_COPY) if lake.is_local else (MANIFEST,):
        if lake.read_json(name) != manifest:
            lake.write_json(name, manifest)


def _read(lake: Lake) -> dict[str, Any] | None:
    """The manifest, or its copy if the manifest is damaged. Without either, the next run's account owns the lake."""
    found = lake.read_json(MANIFEST)
    return lake.read_json(MANIFEST_COPY) if found is None and lake.is_local else found


def accounts(lake: Lake) -> list[str]:
    """Hashes of the ids of the lake's account; empty for a lake without one."""
    return list((_read(lake) or {}).get("accounts", ()))


def last_read_at(lake: Lake) -> dt.datetime | None:
    """UTC time of the last run or poll that stored something."""
    found = ((LAST_RUN, "read_at"), (LAST_POLL, "new_at"))
    times = [(lake.read_json(name) or {}).get(field) for name, field in found]
    return max((dt.datetime.fromisoformat(time) for time in times if time), default=None)


def last_build(lake: Lake, run: dict[str, Any] | None = None) -> dict[str, Any]:
    """The record of the last build; empty when there was none. `run` is the record of the last run, if it is known.

    A run that loads and builds has one record for both.
    """
    if found := lake.read_json(LAST_BUILD):
        return found
    run = lake.read_json(LAST_RUN) or {} if run is None else run
    return run if "build" in run.get("seconds", {}) else {}
