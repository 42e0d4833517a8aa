"""A DuckDB file with a few marts: names in several scripts, nulls, private and repeated plays."""

import duckdb
import pytest

from orchestration.warehouses.marts import Mart, Reference
from orchestration.warehouses.published_file import Owner, replace
from pipelines.raw.duckdb_form import OLDEST_FORM
from pipelines.settings import Settings, load_settings

MARTS = [
    Mart("dim_tracks", "core", "", primary_key=("track_id",)),
    Mart("bridge_track_artists", "core", "", primary_key=("track_id", "place")),
    Mart(
        "fct_plays",
        "core",
        "",
        primary_key=("play_id",),
        references=(Reference("track_id", "dim_tracks", "track_id"),),
        covers=("played_on",),
    ),
]
SQL = """
create schema marts;
create table marts.dim_tracks (
    track_id varchar, track_name varchar, artist_names varchar, album_name varchar, track_number bigint,
    duration_ms bigint, isrc varchar, is_local boolean
);
insert into marts.dim_tracks values
    ('t1', 'Ça va, "toi"?', 'Zoë, 东京', 'Ål' || chr(10) || 'bum', 3, 3723456, 'XX1', false),
    ('spotify:local:a', 'مرحبا', null, '', null, null, null, true);
create table marts.bridge_track_artists (track_id varchar, place bigint, artist_name varchar);
insert into marts.bridge_track_artists values ('t1', 2, '东京'), ('t1', 1, 'Zoë');
create table marts.fct_plays (
    play_id varchar, content_type varchar, track_id varchar, title varchar, creator varchar, started_at timestamp,
    ms_played bigint, is_private boolean, is_counted boolean, played_on date, share double
);
insert into marts.fct_plays values
    ('a', 'track', 't1', 'Ça va, "toi"?', 'Zoë', '2026-05-01 23:30:00.999', 200999, false, true, '2026-05-02', 0.5),
    ('b', 'track', 't1', 'Ça va, "toi"?', 'Zoë', '2026-05-01 23:30:00.1', null, null, true, '2026-05-02', null),
    ('c', 'track', 'spotify:local:a', 'مرحبا', 'Ελλη', '2026-06-01 00:00:00', null, null, true, '2026-06-01', null),
    ('d', 'track', 't1', 'Ça va, "toi"?', 'Zoë', '2026-06-02 00:00:00', 9000, true, true, '2026-06-02', null),
    ('e', 'track', 't1', 'Ça va, "toi"?', 'Zoë', '2026-06-03 00:00:00', 9000, false, false, '2026-06-03', null),
    ('f', 'episode', null, 'Épisode', 'Show', '2026-06-04 00:00:00', 9000, false, true, '2026-06-04', null),
    ('g', 'track', null, null, null, null, null, null, true, null, null);
comment on table marts.fct_plays is 'One row per play. 😀 counts.';
comment on column marts.fct_plays.title is 'Title — as known.';
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose DuckDB file holds the small marts."""
    folder = tmp_path_factory.mktemp("it's here")
    settings = load_settings({"DUCKDB_PATH": str(folder / "data" / "spotify.duckdb")}, folder)
    with duckdb.connect(str(folder / "build.duckdb"), config=OLDEST_FORM) as db:
        db.execute(SQL)
    replace(settings.duckdb_path, folder / "build.duckdb", Owner(frozenset(), ""), MARTS)
    return settings
