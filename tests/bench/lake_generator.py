"""Makes a lake of many hourly runs in minutes instead of hours. `test_lake_generator` compares it with real runs.

Every hour is simulated: the demo account answers, and the project's strategies, row functions and change filter decide
which rows are appended. Left out are HTTP (the demo server's application is called directly), dlt (this module writes
files as dlt does) and reading row hashes from the lake (they stay in memory). Compaction happens in memory by the rule
of `pipelines.lake.compact`, and every file is written once, at the end.
"""

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.report.run_record import RunRecord
from pipelines.lake.compact import OPEN_MONTH_FILES
from pipelines.lake.manifest import LAST_RUN, MANIFEST, MANIFEST_COPY
from pipelines.lake.source import SourceResult
from pipelines.load import LoadResult
from pipelines.raw import arrow
from pipelines.raw.table import Table
from pipelines.spotify.run import Run
from pipelines.spotify.tables import TABLES
from tests.bench.bookkeeping import Bookkeeping
from tests.bench.in_process import Account
from tests.kills.load_times import BETWEEN_LOADS_S

Json = dict[str, Any]


@dataclass
class File:
    """A Parquet file before it is written."""

    load_id: str
    rows: list[Json]
    is_compacted: bool = False


@dataclass(frozen=True)
class Hour:
    """One run: the time of the account, and the time of the first load."""

    now: dt.datetime
    loaded_at: dt.datetime

    @property
    def load_id(self) -> str:
        return load_id(self.loaded_at)

    def load_at(self, number: int) -> dt.datetime:
        """The time of one of the loads of the run."""
        return self.loaded_at + number * dt.timedelta(seconds=BETWEEN_LOADS_S)


def load_id(at: dt.datetime) -> str:
    return str(at.replace(tzinfo=dt.UTC).timestamp())


def make(lake: Path, hours: Iterable[Hour], real: Path, **options: Any) -> None:
    """Make the lake. `real` is a lake that one `spotify-elt extract` made of the same account.

    `options` are options of the demo account.
    """
    folders: dict[str, dict[str, list[File]]] = {name: {} for name in TABLES}
    bookkeeping = Bookkeeping(real)
    account: Account | None = None
    for hour in hours:
        account = account or Account(hour.now, **options)
        run, loads = account.run(hour.now)
        for number, load in enumerate(loads):
            at = hour.load_at(number)
            for name, rows in load.rows.items():
                if rows:
                    folders[name].setdefault(f"load_month={at:%Y-%m}", []).append(File(load_id(at), rows))
            bookkeeping.load(load_id(at), at, load.state, has_rows=any(load.rows.values()))
        for months in folders.values():
            compact(months)
        bookkeeping.compact()
    for name, months in folders.items():
        for month, files in months.items():
            for file in files:
                write(lake / "spotify" / name / month, TABLES[name], file)
    bookkeeping.write(lake)
    for name in (MANIFEST, MANIFEST_COPY):
        shutil.copy(real / name, lake / name)
    (lake / LAST_RUN).write_text(json.dumps(report(run, lake).as_json(), indent=1, default=str), encoding="utf-8")


def compact(months: dict[str, list[File]]) -> None:
    """Compact as the project does: all past months become one file, and many files of the current month become one."""
    newest = max(months, default="")
    past = [file for month, files in months.items() if month < newest for file in files]
    if len(past) > 1:
        last = max(month for month, files in months.items() if month < newest and files)
        for month in [month for month in months if month < newest]:
            del months[month]
        months[last] = [compacted(past)]
    if len(months.get(newest, ())) > OPEN_MONTH_FILES:
        months[newest] = [compacted(months[newest])]


def compacted(files: list[File]) -> File:
    rows = [row if file.is_compacted else {"_dlt_load_id": file.load_id} | row for file in files for row in file.rows]
    return File(max(file.load_id for file in files), rows, is_compacted=True)


def write(folder: Path, table: Table, file: File) -> None:
    """Write a file as dlt writes it, or as a compaction writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"_dlt_load_id": file.load_id} | row | {"_dlt_id": secrets.token_urlsafe(10)} for row in file.rows]
    found = pa.Table.from_pylist(rows, schema=arrow.schema(table))
    part, packed = ("compacted", "zstd") if file.is_compacted else (secrets.token_hex(5), "snappy")
    pq.write_table(found, folder / f"{file.load_id}.{part}.parquet", compression=packed)


def report(run: Run, lake: Path) -> RunRecord:
    """The record of the last run, without the values that only the command line adds."""
    made = RunRecord("extract", run.now, False, str(lake), str(lake.parent / "spotify.duckdb"))
    result = SourceResult(
        reports=run.reports,
        rows=dict(run.changes.appended),
        calls=dict(run.api.budget.by_endpoint),
        token_calls=run.api.tokens.calls,
    )
    made.add_load(LoadResult({"spotify": result}))
    return made
