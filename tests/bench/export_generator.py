"""A large invented export: extended history as Spotify has written it since 2025, 15,000 records a file.

Every ninetieth record is a copy of the one before it; one in five has no start. Titles, artists and URIs repeat as in a
real history: few are played often, most rarely.
"""

from pathlib import Path

import duckdb

FILE_RECORDS = 15_000
TRACKS = 60_000


def write_export(folder: Path, records: int) -> None:
    """Write the files of an export. A million records are 67 files of 650 MB together."""
    folder.mkdir(parents=True)
    with duckdb.connect() as db:
        db.execute("create macro chance(row_no, what, of) as cast(hash(row_no, what) // 65536 % of as bigint)")
        db.execute(
            f"""
            create table tracks as
            select number,
                substr(md5('id' || number) || md5('more' || number), 1, 22) as id,
                'Song ' || substr(md5('title' || number), 1, 4 + number % 20) as title,
                'Artist ' || substr(md5('artist' || number // 9), 1, 8) as artist,
                'Album ' || substr(md5('album' || number // 5), 1, 12) as album
            from range({TRACKS}) as numbers (number)
            """
        )
        for first in range(0, records, FILE_RECORDS):
            count = min(FILE_RECORDS, records - first)
            file = folder / f"Streaming_History_Audio_{first // FILE_RECORDS}.json"
            db.execute(f"copy ({_records(first, count)}) to '{file}' (format json, array true)")


def _records(first: int, count: int) -> str:
    return f"""
        with numbers as (
            select case when row_no % 90 = 89 then row_no - 1 else row_no end as row_no
            from range({first}, {first + count}) as numbers (row_no)
        ),
        drawn as (
            select row_no,
                cast(pow(chance(row_no, 'track', 1000003) / 1000003.0, 3) * {TRACKS} as bigint) % {TRACKS} as number,
                1000 + chance(row_no, 'length', 260000) as ms_played,
                timestamp '2012-01-01' + to_seconds(cast(row_no * 240 + chance(row_no, 'pause', 60) as bigint)) as ended
            from numbers
        )
        select strftime(ended, '%Y-%m-%dT%H:%M:%SZ') as ts,
            ['android', 'ios', 'Windows 10 (10.0.19045; x64)', 'web_player osx 14;chrome 120'][1 + (row_no // 500) % 4]
                as platform,
            ms_played, 'NO' as conn_country, '203.0.113.' || chance(row_no, 'ip', 250) as ip_addr,
            title as master_metadata_track_name, artist as master_metadata_album_artist_name,
            album as master_metadata_album_album_name, 'spotify:track:' || id as spotify_track_uri,
            null as episode_name, null as episode_show_name, null as spotify_episode_uri, null as audiobook_title,
            null as audiobook_uri, null as audiobook_chapter_uri, null as audiobook_chapter_title,
            ['trackdone', 'fwdbtn', 'clickrow', 'playbtn'][1 + chance(row_no, 'start', 4)] as reason_start,
            ['trackdone', 'fwdbtn', 'endplay', 'logout'][1 + chance(row_no, 'end', 4)] as reason_end,
            row_no % 700 < 300 as shuffle, chance(row_no, 'end', 4) = 1 as skipped, row_no % 900 < 40 as offline,
            case when row_no % 5 > 0 then cast(epoch(ended) as bigint) - ms_played // 1000 - row_no % 3 end
                as offline_timestamp,
            row_no % 5000 < 30 as incognito_mode
        from drawn
        join tracks using (number)
        order by row_no
    """
