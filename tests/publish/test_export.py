"""What other programs find in the files of `make export`."""

import codecs
import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest

from orchestration.publish.export import lastfm, verb
from orchestration.publish.export.listens import Listen, listens
from orchestration.warehouses import marts
from pipelines.settings import BadSetting, Settings, load_settings
from tests.publish.small_marts import MARTS, SQL, exported

__all__ = ["exported"]


@pytest.fixture(scope="module")
def folder(exported: Settings) -> Path:
    """The folder that `make export` writes when no other one is named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marts, "declared", lambda: MARTS)
        assert verb.export(exported) == 0
    return exported.work_dir / "export"


def lite(folder: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "spotify.sqlite")) as db:
        return db.execute(question).fetchall()


READERS = {
    "parquet": "select * from read_parquet(?)",
    "csv": "select * from read_csv(?, header = true, allow_quoted_nulls = false)",
}


@pytest.mark.parametrize("form", READERS)
def test_parquet_and_csv_hold_the_same_rows_as_the_table(exported: Settings, folder: Path, form: str) -> None:
    with duckdb.connect(str(exported.duckdb_path), read_only=True) as db:
        for table in ("fct_plays", "dim_tracks", "about"):
            written = db.execute(f"{READERS[form]} order by all", [str(folder / form / f"{table}.{form}")]).fetchall()
            assert written == db.execute(f"from {table} order by all").fetchall()


def test_sqlite_has_the_rows_with_times_as_text_and_true_as_1(folder: Path) -> None:
    rows = lite(folder, "select title, started_at, ms_played, is_private, is_counted, played_on, share from fct_plays")
    assert rows[0] == ('Ça va, "toi"?', "2026-05-01 23:30:00.999", 200999, 0, 1, "2026-05-02", 0.5)
    assert rows[1] == ('Ça va, "toi"?', "2026-05-01 23:30:00.100", None, None, 1, "2026-05-02", None)
    assert rows[6] == (None, None, None, None, 1, None, None)
    assert lite(folder, "select album_name from dim_tracks") == [("Ål\nbum",), ("",)]
    assert lite(folder, "select sum(julianday(played_on, '+1 day') - julianday(played_on)) from fct_plays") == [(6,)]
    assert lite(folder, "select row_count from about order by table_name") == [(2,), (2,), (7,)]


def test_sqlite_has_primary_keys_foreign_keys_and_indices(folder: Path) -> None:
    assert lite(folder, "select name, type from pragma_table_info('fct_plays') where pk = 1") == [("play_id", "TEXT")]
    keys = """select "from", "table", "to" from pragma_foreign_key_list('fct_plays')"""
    assert lite(folder, keys) == [("track_id", "dim_tracks", "track_id")]
    assert lite(folder, "pragma foreign_key_check") == []
    assert lite(folder, "pragma quick_check") == [("ok",)]
    indices = "select name from sqlite_master where type = 'index' and sql is not null order by 1"
    assert lite(folder, indices) == [("fct_plays_played_on",), ("fct_plays_track_id",)]


def test_datasette_is_told_what_tables_and_columns_are(folder: Path) -> None:
    tables = json.loads((folder / "metadata.json").read_text())["databases"]["spotify"]["tables"]
    assert tables["fct_plays"]["description"] == "One row per play. 😀 counts."
    assert tables["fct_plays"]["columns"]["title"] == "Title — as known."
    assert tables["fct_plays"]["sort_desc"] == "played_on"
    assert tables["dim_tracks"]["label_column"] == "track_name"


def test_listenbrainz_gets_each_listen_once_with_the_second_of_its_start(folder: Path) -> None:
    with ZipFile(folder / "listenbrainz.zip") as archive:
        found = {name: archive.read(name).decode().splitlines() for name in archive.namelist()}
    assert list(found) == ["listens/2026/5.jsonl", "listens/2026/6.jsonl"]
    assert [len(lines) for lines in found.values()] == [1, 1]
    address = "https://open.spotify.com/track/t1"
    assert json.loads(found["listens/2026/5.jsonl"][0]) == {
        "listened_at": 1777678200,
        "track_metadata": {
            "artist_name": "Zoë, 东京",
            "track_name": 'Ça va, "toi"?',
            "release_name": "Ål\nbum",
            "additional_info": {
                "submission_client": "spotify-elt",
                "music_service": "spotify.com",
                "origin_url": address,
                "spotify_id": address,
                "artist_names": ["Zoë", "东京"],
                "isrc": "XX1",
                "tracknumber": "3",
                "duration_ms": 3723456,
                "duration_played": 200,
            },
        },
    }
    assert json.loads(found["listens/2026/6.jsonl"][0])["track_metadata"] == {
        "artist_name": "Ελλη",
        "track_name": "مرحبا",
        "additional_info": {"submission_client": "spotify-elt", "artist_names": ["Ελλη"]},
    }


def test_tools_of_last_fm_get_the_same_listens(folder: Path) -> None:
    with (folder / "lastfm_scrubbler.csv").open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file)) == [
            ["Zoë", "Ål\nbum", 'Ça va, "toi"?', "2026-05-01 23:30:00 +00:00", "", "01:02:03"],
            ["Ελλη", "", "مرحبا", "2026-06-01 00:00:00 +00:00", "", ""],
        ]
    with (folder / "lastfm_history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["uts"], rows[0]["utc_time"]) == ("1777678200", "01 May 2026, 23:30")
    assert [row["artist"] for row in rows] == ["Zoë", "Ελλη"]


def test_last_fm_scrubbler_is_told_that_the_file_is_utf_8(folder: Path) -> None:
    assert (folder / "lastfm_scrubbler.csv").read_bytes().startswith(codecs.BOM_UTF8)
    assert (folder / "lastfm_history.csv").read_bytes().startswith(b"uts,")


def test_no_listen_makes_an_import_of_listenbrainz_fail() -> None:
    with duckdb.connect() as db:
        db.execute(SQL)
        db.execute("""
            insert into marts.fct_plays by name
            select 'track' as content_type, title, creator, timestamp '2026-07-01' as started_at, true as is_counted
            from (values ('Odd' || chr(0), chr(0) || 'Name'), (chr(0), 'Name'), (' ', 'Name')) as odd(title, creator)
        """)
        (july,) = (each for each in listens(db) if each.moment.month == 7)
    assert (july.title, july.artist, july.artists) == ("Odd", "Name", ["Name"])


def test_a_track_of_more_than_an_hour_has_its_hours_in_the_length() -> None:
    listen = Listen(0, "T", "A", ["A"], None, None, 3_600_000 * 11 + 61_000, None, None, None)
    assert lastfm.scrubbler_row(listen)[-1] == "11:01:01"


def test_another_folder_keeps_its_own_files_and_an_export_replaces_those_of_the_one_before(
    exported: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "csv" / "mine.csv"
    own.parent.mkdir()
    own.write_text("mine")
    (tmp_path / "metadata.json").write_text("old")
    verb.export(exported, str(tmp_path))
    assert own.read_text() == "mine"
    assert (tmp_path / "metadata.json").read_text() != "old"
    assert not list(tmp_path.rglob("*.new"))
    assert "`make forget` does not delete this folder" in capsys.readouterr().out


def test_an_export_without_tables_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="run `make elt` first"):
        verb.export(load_settings({}, tmp_path))
