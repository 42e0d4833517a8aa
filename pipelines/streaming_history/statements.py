"""The SQL of an import: what becomes of a record, decided in one place for both packages.

Measured on real exports of 2020 to 2026:

- `offline_timestamp` is the time of the start on the device's clock, in seconds or, until October 2022, in
  milliseconds; 0, null and impossible values occur.
- True repeats exist. Some differ in columns that hold personal data only, so those columns are never compared.
- Whole plays of one song that were uploaded together differ in the start alone, so the start is compared too.
"""

from collections.abc import Sequence

from pipelines.streaming_history.shapes import EXTENDED, ONE_YEAR, UNREADABLE, Package
from pipelines.streaming_history.tables import ONE_YEAR_STREAMS, STREAMS

LATENESS_MS = 5_000  # how far clock and rounding let a start and a length reach past the end
LONGEST_MS = 2**31
LONGEST_TEXT = 10_000
PLATFORMS = {
    "web": "'web_player%', 'webplayer%'",
    "cast": "'%cast%'",
    "partner": "'partner%'",
    "android": "'android%'",
    "ios": "'ios%', 'iphone%', 'ipad%'",
    "windows": "'windows%'",
    "osx": "'os x%', 'osx%', 'mac%'",
    "linux": "'linux%'",
}
# The text that says what was heard, when there is no URI. Names change between exports, so a URI comes first.
URIS = {
    STREAMS: "coalesce(spotify_track_uri, spotify_episode_uri, audiobook_chapter_uri, audiobook_uri)",
    ONE_YEAR_STREAMS: "null",
}
NAMES = {
    STREAMS: "concat_ws(' | ', 'name', master_metadata_track_name, episode_name, audiobook_title)",
    ONE_YEAR_STREAMS: "concat_ws(' | ', 'name', track_name, artist_name, podcast_name, episode_name, audiobook_name, "
    "chapter_name, author_name)",
}
ENDS = {STREAMS: "ts", ONE_YEAR_STREAMS: "end_time"}


def of_extended() -> str:
    """The records of extended files, one row each, with `skip`: why a record cannot be stored."""
    plain = [
        column.name
        for column in STREAMS.columns
        if column.name in EXTENDED.fields and column.type == "text" and column.name != "platform"
    ]
    flags = [column.name for column in STREAMS.columns if column.name in EXTENDED.fields and column.type == "bool"]
    texts = ", ".join(f"nullif({name}, '') as {name}" for name in plain)
    truths = ", ".join(f"try_cast({name} as boolean) as {name}" for name in flags)
    families = " ".join(
        f"when {' or '.join(f'device like {each}' for each in likes.split(', '))} then '{family}'"
        for family, likes in PLATFORMS.items()
    )
    return f"""
        with sent as ({_read(EXTENDED)}),
        typed as (
            select file_no, {UNREADABLE}, {texts}, {truths},
                {_moment("ts")} as ts, {_length("ms_played")} as ms_played,
                try_cast(offline_timestamp as bigint) as offline_timestamp, lower(nullif(platform, '')) as device
            from sent
        ),
        begun as (
            select *,
                case when offline_timestamp between 1000000000000 and 9999999999999 then offline_timestamp
                    when offline_timestamp between 1000000000 and 9999999999 then offline_timestamp * 1000
                    end as start_ms
            from typed
        )
        select * exclude (start_ms, device, {UNREADABLE}),
            case when device is not null then case {families} else 'other' end end as platform,
            case when coalesce(audiobook_chapter_uri, audiobook_uri, audiobook_title) is not null then 'audiobook'
                when coalesce(spotify_episode_uri, episode_name, episode_show_name) is not null then 'episode'
                when coalesce(spotify_track_uri, master_metadata_track_name) is not null then 'track'
                else 'unidentified' end as content_type,
            case when start_ms + ms_played <= epoch_ms(ts) + {LATENESS_MS}
                then cast(epoch_ms(start_ms) as timestamp_ms) end as started_at,
            {_skip("ts", "ms_played", plain)} as skip
        from begun
    """


def of_one_year() -> str:
    """The records of one-year files, one row each. Spotify writes `Unknown Track` for what it cannot name."""
    texts = {
        "track_name": "trackName",
        "artist_name": "artistName",
        "podcast_name": "podcastName",
        "episode_name": "episodeName",
        "audiobook_name": "audiobookName",
        "chapter_name": "chapterName",
        "author_name": "authorName",
    }
    named = ", ".join(
        f"case when {sent} not in ('', 'Unknown Track', 'Unknown Artist') then {sent} end as {name}"
        for name, sent in texts.items()
    )
    return f"""
        with sent as ({_read(ONE_YEAR)}),
        typed as (
            select file_no, {UNREADABLE}, {named},
                {_moment("endTime")} as end_time, {_length("msPlayed")} as ms_played
            from sent
        )
        select * exclude ({UNREADABLE}),
            case when audiobook_name is not null then 'audiobook'
                when coalesce(podcast_name, episode_name) is not null then 'episode'
                when coalesce(track_name, artist_name) is not null then 'track'
                else 'unidentified' end as content_type,
            cast(null as timestamp_ms) as started_at,
            {_skip("end_time", "ms_played", list(texts))} as skip
        from typed
    """


def _read(package: Package) -> str:
    columns = ", ".join(f"'{name}': 'varchar'" for name in (*package.fields, UNREADABLE))
    return (
        "select * exclude filename, cast(list_position($paths, filename) as integer) as file_no "
        f"from read_json($paths, format = 'array', filename = true, columns = {{{columns}}})"
    )


def _moment(field: str) -> str:
    cast = f"try_cast({field} as timestamp_ms)"
    return f"case when {cast} between timestamp '2006-01-01' and timestamp '2100-01-01' then {cast} end"


def _length(field: str) -> str:
    return f"case when try_cast({field} as bigint) between 0 and {LONGEST_MS} then try_cast({field} as bigint) end"


def _skip(end: str, length: str, texts: Sequence[str]) -> str:
    return (
        f"case when {UNREADABLE} is not null then {UNREADABLE} "
        f"when {end} is null then 'its time is missing or no time' "
        f"when {length} is null then 'its length is missing or no length' "
        f"when greatest({', '.join(f'strlen({name})' for name in texts)}) > {LONGEST_TEXT} "
        f"then 'a text is longer than {LONGEST_TEXT:,} bytes' end"
    )


def compared(package: Package) -> str:
    """The columns that make two records the same record, for SQL."""
    ours = ("file_id", "is_video", "started_at")
    return ", ".join(column.name for column in package.table.columns if column.name not in ours)


def copies(package: Package) -> str:
    """The records that copy an earlier record, with what they count as."""
    table = package.table.name
    return f"""
        with numbered as (
            select rowid as row_no, file_no, started_at,
                row_number() over same as copy_no, first_value(file_no) over same as first_file
            from {table}
            where h in (select h from {table} where skip is null group by h having count(*) > 1) and skip is null
            window same as (partition by {compared(package)} order by file_no, rowid)
        )
        select row_no, case when started_at is not null or file_no != first_file then 'repeated' else 'ambiguous' end
            as outcome
        from numbered
        where copy_no > 1
    """


def kept_rows(package: Package) -> str:
    """The new records as rows of their raw table, with `row_no`."""
    table = package.table
    columns = [f"records.{column.name}" for column in table.columns if column.name not in ("file_id", "is_video")]
    of_file = ["files.file_id", *(["files.is_video"] if "is_video" in {c.name for c in table.columns} else [])]
    return f"""
        select {", ".join([*of_file, *columns])}, records.rowid as row_no
        from {table.name} as records
        join files using (file_no)
        where records.skip is null and records.rowid not in (select row_no from {table.name}_outcomes)
    """
