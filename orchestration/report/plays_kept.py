"""What the lake holds of plays: how many, since when, and the gaps between them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.lake.store import Lake

SOURCE = "spotify"
PLAYS = "select count(distinct (played_at, track_uri)), min(played_at) from {rows}"
GAPS = """
    select count(distinct gap_from), max(gap_until - gap_from), max(gap_from), arg_max(gap_until, gap_from)
    from {rows} where resource = 'recently_played' and gap_from is not null
"""


@dataclass(frozen=True)
class PlaysKept:
    """Times are naive UTC. `since` is the time of the first play, `longest` the longest gap, `last` the last gap."""

    count: int
    since: dt.datetime | None
    gaps: int
    longest: dt.timedelta | None
    last: tuple[dt.datetime, dt.datetime] | None = None


def plays_kept(lake: Lake) -> PlaysKept:
    """Count the rows of complete loads. Raises duckdb.Error when a file is damaged."""
    count, since = _asked(lake, "recently_played", PLAYS)
    gaps, longest, *last = _asked(lake, "resource_runs", GAPS)
    return PlaysKept(count or 0, since, gaps or 0, longest, (last[0], last[1]) if gaps else None)


def _asked(lake: Lake, table: str, question: str) -> tuple[Any, ...]:
    dataset = lake.dataset(SOURCE)
    if not (files := dataset.files(table)):
        return (0, None)
    rows = "(from read_parquet(?, union_by_name = true) where _dlt_load_id in (select unnest(?)))"
    with TemporaryDirectory() as folder, duckdb.connect() as db:
        copies = lake.local_copies(files, Path(folder))
        found = db.execute(question.format(rows=rows), [copies, sorted(dataset.completed())]).fetchall()
    return found[0]
