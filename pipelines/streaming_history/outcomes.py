"""What becomes of each record: kept, unidentified, known, repeated, ambiguous or skipped; one of them for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.streaming_history import statements
from pipelines.streaming_history.shapes import PACKAGES, Package

OUTCOMES = ("kept", "unidentified", "known", "repeated", "ambiguous", "skipped")


@dataclass
class FileCount:
    """The counts of one file and content type; `first_at` and `last_at` are ends."""

    file_no: int
    content_type: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    reasons: dict[str, int] = field(default_factory=dict)
    first_at: Any = None
    last_at: Any = None

    @property
    def rows_read(self) -> int:
        return sum(self.counts.values())


def decide(db: duckdb.DuckDBPyConnection, lake_files: Mapping[str, Sequence[str]], completed: set[str]) -> None:
    """Make the table `outcomes (row_no, outcome)`: the records that are not stored, without those to skip.

    `lake_files` are the data files of each raw table; only rows of the loads `completed` are in the lake.
    """
    db.execute("create or replace table completed as select unnest($1) as load_id", [sorted(completed) or ["none"]])
    db.execute(f"create or replace table outcomes as {statements.COPIES}")
    for package in PACKAGES:
        if files := list(lake_files.get(package.table.name, ())):
            _add_known(db, package, files)


def _add_known(db: duckdb.DuckDBPyConnection, package: Package, files: Sequence[str]) -> None:
    """Turn records that the lake has into known ones.

    A record with a start is known if the lake has that start. A record without one is known if the lake has as many
    records of the same end, content and length; a newer export leaves out starts that an older one had.
    """
    table = package.table
    end, names = statements.ENDS[table], statements.NAMES[table]
    start = "started_at" if any(column.name == "started_at" for column in table.columns) else "null::timestamp_ms"
    # A record of the lake is found by its URI and by its names: a record without a URI may be the same play.
    db.execute(
        f"""
        create or replace temp table lake as
        with stored as (
            select *, {start} as start from read_parquet($files, union_by_name = true)
            where _dlt_load_id in (select load_id from completed)
        )
        select {end} as ended_at, ms_played, {statements.what(table)} as what, start from stored
        union all
        select {end} as ended_at, ms_played, hash({names}) as what, start from stored
        where {statements.URIS[table]} is not null
        """,
        {"files": list(files)},
    )
    db.execute(
        """
        create or replace temp table known as
        with comparable as (
            select records.*
            from records
            join files using (file_no)
            left join outcomes using (row_no)
            where package = $1 and skip is null and coalesce(outcome, 'ambiguous') = 'ambiguous'
        ),
        held as (
            select ended_at, ms_played, what,
                greatest(count(distinct start), count(*) filter (where start is null)) as copies
            from lake
            group by ended_at, ms_played, what
        ),
        numbered as (
            select row_no, copies,
                row_number() over (partition by ended_at, ms_played, what order by file_no, row_no) as copy_no
            from comparable
            join held using (ended_at, ms_played, what)
            where started_at is null
        )
        select row_no from numbered where copy_no <= copies
        union all
        select row_no from comparable
        where (ended_at, ms_played, what, started_at) in (select ended_at, ms_played, what, start from lake)
        """,
        [package.name],
    )
    db.execute("delete from outcomes where row_no in (select row_no from known)")
    db.execute("insert into outcomes select row_no, 'known' from known")


def counted(db: duckdb.DuckDBPyConnection) -> list[FileCount]:
    """The counts of every file and content type, in the order of the files."""
    found: dict[tuple[int, str], FileCount] = {}
    rows = db.execute(
        """
        select file_no, content_type, skip,
            coalesce(
                outcome,
                case when skip is not null then 'skipped'
                    when content_type = 'unidentified' then 'unidentified' else 'kept' end
            ) as what,
            count(*), min(ended_at), max(ended_at)
        from records
        left join outcomes using (row_no)
        group by all
        """
    ).fetchall()
    for file_no, content_type, skip, outcome, count, first, last in rows:
        one = found.setdefault((file_no, content_type), FileCount(file_no, content_type))
        one.counts[outcome] += count
        if skip:
            one.reasons[skip] = one.reasons.get(skip, 0) + count
        else:
            one.first_at = min(filter(None, (one.first_at, first)))
            one.last_at = max(filter(None, (one.last_at, last)))
    return [found[key] for key in sorted(found)]
