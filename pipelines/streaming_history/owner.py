"""Whether an export belongs to the listener of the lake. Newer files do not name their owner, so plays are compared.

Two exports of one listener agree on nearly every play of the days that both have. Videos and podcasts are left out,
because they have files of their own, which may be imported one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

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
    db.execute("create or replace temp table seen (ended_at timestamp, uri varchar, title varchar)")
    for name, files in plays.items():
        if files and name in LAKE:
            titles = _titles(plays.get("tracks", ()))
            db.execute(f"insert into seen {LAKE[name].format(titles=titles)}", {"files": list(files)})
    for number, group in enumerate(groups):
        db.execute(f"create or replace temp view mine as {_of_files(group)}")
        found = Overlap(*db.execute(COMPARED).fetchall()[0])
        if found.is_strange:
            return number, found
        if number + 1 < len(groups):
            db.execute("insert into seen from mine")
    return None


def _titles(files: Sequence[str]) -> str:
    if not files:
        return "(select null::varchar as track_uri, null::varchar as title)"
    return (
        "(select track_uri, any_value(name) as title "
        f"from read_parquet({[str(file) for file in files]}, union_by_name = true) group by track_uri)"
    )


def _of_files(numbers: Sequence[int]) -> str:
    chosen = ", ".join(map(str, numbers))
    return f"""
        select ts as ended_at, spotify_track_uri as uri, master_metadata_track_name as title
        from streams
        join files using (file_no)
        where file_no in ({chosen}) and skip is null and content_type = 'track' and not is_video
        union all
        select end_time, null, track_name
        from one_year_streams
        where file_no in ({chosen}) and skip is null and content_type = 'track'
    """


LAKE = {
    "streams": """
        select ts, spotify_track_uri, master_metadata_track_name
        from read_parquet($files, union_by_name = true)
        where content_type = 'track' and not is_video
    """,
    "one_year_streams": """
        select end_time, null, track_name
        from read_parquet($files, union_by_name = true)
        where content_type = 'track'
    """,
    "recently_played": """
        select played_at, track_uri, title
        from read_parquet($files, union_by_name = true)
        left join {titles} using (track_uri)
    """,
}
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
        select row_no from ours join theirs using (uri)
        where abs(epoch(ours.ended_at) - epoch(theirs.ended_at)) <= {WINDOW_S}
    )
    select (select count(*) from days), (select count(*) from theirs), (select count(*) from ours),
        (select count(*) from agreeing)
"""
