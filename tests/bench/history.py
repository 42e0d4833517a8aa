"""One history of a million records and a year of polls: the first build, a daily build, and a top list."""

import datetime as dt
import json
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from tests.bench.lake_generator import load_id
from tests.bench.subprocesses import ELT, measured, settings
from tests.bench.table import Rows, echo, verdict

RECORDS = 1_000_000
POLLED = 12_000
IMPORTED = dt.datetime(2026, 11, 2, 9)
NEXT_DAY = dt.datetime(2026, 11, 3, 9)
TOP_LIST = """
    select artist_name, count(*) as plays
    from marts.fct_plays
    where is_counted and artist_name is not null and played_on between ? and ?
    group by all order by plays desc limit 10
"""
RANGES = (("2008-01-01", "2026-12-31"), ("2019-01-01", "2019-12-31"), ("2026-06-01", "2026-11-02"))
# The listener plays every 200 s. Each seventh record was skipped after 12 s, and each fiftieth is a private one.
STREAMS = """
    select
        'bench' as file_id, 'track' as content_type, false as is_video, ended_at as ts, ms_played,
        ended_at - to_milliseconds(ms_played) as started_at,
        epoch(ended_at - to_milliseconds(ms_played))::bigint as offline_timestamp,
        track_uri as spotify_track_uri, track_name as master_metadata_track_name,
        'Artist ' || (number % 997) as master_metadata_album_artist_name,
        'Album ' || (number % 4003) as master_metadata_album_album_name,
        'android' as platform, 'DE' as conn_country, 'trackdone' as reason_start,
        case when number % 7 = 0 then 'fwdbtn' else 'trackdone' end as reason_end,
        false as shuffle, number % 7 = 0 as skipped, false as offline, number % 50 = 0 as incognito_mode,
        timestamp '{at}' as read_at, '{load}' as _dlt_load_id, '{load}.' || number as _dlt_id
    from (
        select
            number,
            timestamp '2026-11-02 06:00:00' - to_seconds(({records} - number) * 200) as ended_at,
            case when number % 7 = 0 then 12000 else 180000 + number % 9000 end as ms_played,
            'spotify:track:bench' || lpad((hash(number % 20011) % 1000000007)::varchar, 17, '0') as track_uri,
            'Title ' || (number % 20011) as track_name
        from range({records}) as numbers(number)
    )
"""
POLLS = """
    select
        ts + to_milliseconds((hash(ts) % 1000)::bigint) as played_at, spotify_track_uri as track_uri,
        split_part(spotify_track_uri, ':', 3) as track_id, null::varchar as context_type, null::varchar as context_uri,
        timestamp '{at}' as read_at, md5(ts::varchar) as row_hash,
        '{load}' as _dlt_load_id, '{load}.p' || epoch(ts) as _dlt_id
    from streams where not incognito_mode order by ts desc limit {polled}
"""


def history(records: int = RECORDS) -> Rows:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = settings(folder)
        echo("history: the demo account's lake")
        measured([ELT, "extract"], environment)
        echo(f"history: {records:,} records of an export, {POLLED:,} polled plays")
        db = duckdb.connect()
        db.execute("create table streams as " + STREAMS.format(records=records, at=IMPORTED, load=load_id(IMPORTED)))
        add(db, folder / "lake", IMPORTED, polls=POLLED, with_export=True)
        echo("history: the first build")
        first = measured([ELT, "build"], environment)
        before = rows_by_month(folder)
        add(db, folder / "lake", NEXT_DAY, polls=40, with_export=False)
        echo("history: the next build")
        daily = measured([ELT, "build"], environment)
        after = rows_by_month(folder)
        rewritten = sum(count for month, count in after.items() if before.get(month) != count) / sum(after.values())
        top = top_list_seconds(folder)
    return [
        ("first build", f"{first.cpu_seconds:.1f} CPU s", f"{first.seconds:.1f} s, peak {first.peak_mb:.0f} MB"),
        ("rows in fct_plays", f"{sum(after.values()):,}", ""),
        ("daily build", f"{daily.cpu_seconds:.1f} CPU s", f"{daily.seconds:.1f} s, peak {daily.peak_mb:.0f} MB"),
        ("rows written again", f"{rewritten:.1%}", f"aim: 5 %: {verdict(rewritten <= 0.05)}"),
        ("top 10 artists of a range", f"{top:.3f} s", f"aim: 0.1 s: {verdict(top <= 0.1)}; slowest of {len(RANGES)}"),
    ]


def add(db: duckdb.DuckDBPyConnection, lake: Path, at: dt.datetime, *, polls: int, with_export: bool) -> None:
    """Write files as loads of the lake do. Polls of a later day are the newest plays, moved by a day."""
    load = load_id(at)
    moved = POLLS.format(polled=polls, at=at, load=load)
    if not with_export:
        moved = f"select * replace (played_at + interval 1 day as played_at) from ({moved})"
    copy(db, moved, lake / "spotify" / "recently_played", at)
    complete(lake, "spotify", load)
    if with_export:
        history = lake / "streaming_history"
        copy(db, "select * from streams", history / "streams", at)
        span = f"""
            select 'bench' as archive_id, 'extended' as package, min(ts) as covered_from, max(ts) as covered_until,
            timestamp '{at}' as read_at, '{load}' as _dlt_load_id, '{load}.s' as _dlt_id from streams"""
        copy(db, span, history / "covered_spans", at)
        complete(lake, "streaming_history", load)


def copy(db: duckdb.DuckDBPyConnection, query: str, table: Path, at: dt.datetime) -> None:
    folder = table / f"load_month={at:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    db.execute(f"copy ({query}) to '{folder}/{load_id(at)}.bench.parquet' (compression zstd)")


def complete(lake: Path, source: str, load: str) -> None:
    """Write dlt's record of a complete load."""
    record = {"load_id": load, "schema_name": source, "status": 0, "inserted_at": "2026-11-02T09:00:00+00:00"}
    folder = lake / source / "_dlt_loads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{source}__{load}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")


def rows_by_month(folder: Path) -> dict[dt.date, int]:
    with duckdb.connect(str(folder / "spotify.duckdb"), read_only=True) as db:
        return dict(db.execute("select played_month, count(*) from marts.fct_plays group by 1").fetchall())


def top_list_seconds(folder: Path) -> float:
    """The slowest range, each the median of five."""
    with duckdb.connect(str(folder / "spotify.duckdb"), read_only=True) as db:
        slowest = 0.0
        for bounds in RANGES:
            seconds = []
            for _ in range(5):
                began = time.perf_counter()
                db.execute(TOP_LIST, bounds).fetchall()
                seconds.append(time.perf_counter() - began)
            slowest = max(slowest, statistics.median(seconds))
    return slowest
