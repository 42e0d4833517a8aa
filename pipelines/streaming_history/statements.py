"""The SQL of an import: what becomes of a record, decided in one place for both packages.

Measured on real exports of 2020 to 2026:

- `offline_timestamp` is the time of the start on the device's clock, in seconds or, until October 2022, in
  milliseconds; 0, null and impossible values occur.
- True repeats exist. Some differ in columns that hold personal data only, so those columns are never compared.
- Whole plays of one song that were uploaded together differ in the start alone, so the start is compared too.
"""

from collections.abc import Sequence

from pipelines.raw.table import Table
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
TITLES = {STREAMS: "master_metadata_track_name", ONE_YEAR_STREAMS: "track_name"}
ENDS = {STREAMS: "ts", ONE_YEAR_STREAMS: "end_time"}

FILES = "create table files (file_no integer, archive_id varchar, package varchar, is_video boolean)"
# `same` is the hash of the columns that make two records the same, `what` that of what was heard, `title` that of a
# track's title. Two records with the same end and the same 64-bit hash count as the same record.
RECORDS = """
    create table records (
        row_no bigint, file_no integer, content_type varchar, skip varchar, started_at timestamp_ms,
        ended_at timestamp_ms, ms_played uinteger, same ubigint, what ubigint, title ubigint
    )
"""


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
        f"from read_json($patterns, format = 'array', filename = true, columns = {{{columns}}})"
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


def marked(package: Package, query: str) -> str:
    """The records of `of_extended` or `of_one_year` with their hashes, as `records` has them."""
    table = package.table
    ours = ("file_id", "is_video", "started_at")
    compared = ", ".join(column.name for column in table.columns if column.name not in ours)
    return f"""
        select *, hash({compared}) as same, {what(table)} as what, {hashed(TITLES[table])} as title
        from ({query})
    """


def what(table: Table) -> str:
    """The hash of what was heard: of the URI, or of the names where there is none."""
    return f"hash(coalesce({URIS[table]}, {NAMES[table]}))"


def hashed(text: str) -> str:
    return f"case when {text} is not null then hash({text}) end"


def added(table: Table, batch: str) -> str:
    """Add a batch of marked records to `records`."""
    return f"""
        insert into records
        select row_no, file_no, content_type, skip, started_at, {ENDS[table]}, ms_played, same, what, title
        from {batch}
    """


# The records that copy an earlier record, with what they count as.
COPIES = """
    with numbered as (
        select row_no, file_no, started_at,
            row_number() over same_record as copy_no, first_value(file_no) over same_record as first_file
        from records
        where skip is null and same in (select same from records where skip is null group by same having count(*) > 1)
        window same_record as (partition by same, ended_at order by file_no, row_no)
    )
    select row_no, case when started_at is not null or file_no != first_file then 'repeated' else 'ambiguous' end
        as outcome
    from numbered
    where copy_no > 1
"""
# The records among some numbers that are not stored.
NOT_STORED = """
    select row_no from outcomes where row_no between $first and $last
    union all
    select row_no from records where skip is not null and row_no between $first and $last
"""
