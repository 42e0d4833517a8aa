"""Whether an export belongs to the listener of the lake. Newer files do not name their owner, so plays are compared.

Two exports of one listener agree on nearly every play of the days that both have. Videos and podcasts are left out,
because they have files of their own, which may be imported one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.raw.table import Table
from pipelines.streaming_history.statements import ENDS, TITLES, hashed, what
from pipelines.streaming_history.tables import ONE_YEAR_STREAMS, STREAMS

DAYS = 60  # of those that both have, the newest
FEWEST = 50
LEAST_SHARE = 1 / 20
# The one-year package gives minutes. A wider window would let a second play of the same song count.
WINDOW_S = 60


@dataclass(frozen=True)
class Overlap:
    """Plays of tracks on days that both have: in the lake, in the export, and those of the export that agree."""

    days: int
    in_lake: int
    in_export: int
    agreeing: int

    @property
    def is_strange(self) -> bool:
        fewer = min(self.in_lake, self.in_export)
        return fewer >= FEWEST and self.agreeing < fewer * LEAST_SHARE


def strange_group(
    db: duckdb.DuckDBPyConnection, groups: Sequence[Sequence[int]], plays: Mapping[str, Sequence[str]]
) -> tuple[int, Overlap] | None:
    """The first group of files whose plays disagree with the lake, or with the groups before it; None if there is none.

    `groups` are the numbers of the files of each folder. `plays` are data files of the lake, by raw table: `streams`,
    `one_year_streams`, `recently_played`, `tracks`.
    """
    db.execute("create or replace temp table seen (ended_at timestamp, what ubigint, title ubigint)")
    db.execute("create or replace temp table titles (track_uri varchar, name varchar)")
    if tracks := plays.get("tracks"):
        db.execute(f"insert into titles {TITLES_OF_LAKE}", {"files": list(tracks)})
    for name, files in plays.items():
        if files and name in LAKE:
            db.execute(f"insert into seen {LAKE[name]}", {"files": list(files)})
    for number, group in enumerate(groups):
        db.execute(f"create or replace temp view mine as {_of_files(group)}")
        found = Overlap(*db.execute(COMPARED).fetchall()[0])
        if found.is_strange:
            return number, found
        if number + 1 < len(groups):
            db.execute("insert into seen from mine")
    return None


def _of_files(numbers: Sequence[int]) -> str:
    return f"""
        select ended_at, what, title
        from records
        join files using (file_no)
        where file_no in ({", ".join(map(str, numbers))}) and skip is null and content_type = 'track' and not is_video
    """


def _of_lake(table: Table) -> str:
    video = "and not is_video" if any(column.name == "is_video" for column in table.columns) else ""
    return f"""
        select {ENDS[table]}, {what(table)}, {hashed(TITLES[table])}
        from read_parquet($files, union_by_name = true)
        where content_type = 'track' {video}
    """


LAKE = {table.name: _of_lake(table) for table in (STREAMS, ONE_YEAR_STREAMS)} | {
    "recently_played": f"""
        select played_at, hash(track_uri), {hashed("name")}
        from read_parquet($files, union_by_name = true)
        left join titles using (track_uri)
    """
}
TITLES_OF_LAKE = """
    select track_uri, any_value(name)
    from read_parquet($files, union_by_name = true)
    group by track_uri
"""
COMPARED = f"""
    with days as (
        select distinct cast(ended_at as date) as day from mine
        intersect
        select distinct cast(ended_at as date) as day from seen
        order by day desc
        limit {DAYS}
    ),
    ours as (
        select row_number() over () as row_no, * from mine where cast(ended_at as date) in (select day from days)
    ),
    theirs as (
        select * from seen where cast(ended_at as date) in (select day from days)
    ),
    agreeing as (
        select row_no from ours join theirs using (title)
        where abs(epoch(ours.ended_at) - epoch(theirs.ended_at)) <= {WINDOW_S}
        union
        select row_no from ours join theirs using (what)
        where abs(epoch(ours.ended_at) - epoch(theirs.ended_at)) <= {WINDOW_S}
    )
    select (select count(*) from days), (select count(*) from theirs), (select count(*) from ours),
        (select count(*) from agreeing)
"""
