"""The listens that other services import: plays of tracks that count, once each, without private sessions."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

# One service shows one listen for a second, artist and title. A play without a title or an artist cannot be imported.
# ListenBrainz ends a whole import at a text with NUL.
LISTENS = """
    with plays as (
        select *, replace(title, chr(0), '') as clean_title, replace(creator, chr(0), '') as clean_creator
        from marts.fct_plays
        where content_type = 'track' and is_counted and not coalesce(is_private, false) and started_at is not null
    ),
    credits as (
        select track_id, list(replace(artist_name, chr(0), '') order by place) as names
        from marts.bridge_track_artists
        where artist_name <> ''
        group by track_id
    )
    select
        cast(floor(epoch(plays.started_at)) as bigint) as listened_at,
        plays.clean_title,
        plays.clean_creator,
        any_value(coalesce(credits.names, [plays.clean_creator])) as artists,
        any_value(replace(tracks.album_name, chr(0), '')) as album,
        any_value(tracks.track_number) as track_number,
        any_value(tracks.duration_ms) as duration_ms,
        max(plays.ms_played) as ms_played,
        any_value(tracks.isrc) as isrc,
        any_value(case when not tracks.is_local then plays.track_id end) as track_id
    from plays
    left join marts.dim_tracks as tracks using (track_id)
    left join credits using (track_id)
    where trim(plays.clean_title) <> '' and trim(plays.clean_creator) <> ''
    group by all
"""
BATCH = 20_000


@dataclass(frozen=True)
class Listen:
    """`listened_at` is the start of the play in seconds since 1970. What is not known is None."""

    listened_at: int
    title: str
    artist: str
    artists: list[str]
    album: str | None
    track_number: int | None
    duration_ms: int | None
    ms_played: int | None
    isrc: str | None
    track_id: str | None

    @property
    def moment(self) -> dt.datetime:
        """The start of the play as a UTC time."""
        return dt.datetime.fromtimestamp(self.listened_at, dt.UTC)


def listens(db: duckdb.DuckDBPyConnection) -> Iterator[Listen]:
    """The listens in the order of their time. The connection is in use until the last one was taken."""
    answer = db.execute(f"from ({LISTENS}) order by listened_at, clean_title, clean_creator")
    while rows := answer.fetchmany(BATCH):
        yield from (Listen(*row) for row in rows)


def count(db: duckdb.DuckDBPyConnection) -> int:
    """The number of listens."""
    return int(db.execute(f"select count(*) from ({LISTENS})").fetchall()[0][0])
