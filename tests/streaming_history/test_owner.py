"""An export of another person is not mixed into the lake without a question."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.streaming_history.errors import BadExport
from tests.streaming_history.exports import Record, extended, music, podcast, write, zipped
from tests.streaming_history.lakes import ExportLake, outcomes

OTHERS = 5000


def of_another(number: int) -> Record:
    """A play of another person at about the same time."""
    return extended(number) | {
        "spotify_track_uri": f"spotify:track:{number + OTHERS:022}",
        "master_metadata_track_name": f"Song {number + OTHERS}",
    }


@pytest.fixture
def used(lake: ExportLake, tmp_path: Path) -> ExportLake:
    """A lake with 100 plays of one evening."""
    lake.take(write(tmp_path / "mine.json", [extended(n) for n in range(100)]))
    return lake


def test_an_export_of_another_person_stops_before_anything_is_written(used: ExportLake, tmp_path: Path) -> None:
    theirs = write(tmp_path / "theirs.json", [of_another(n) for n in range(100)])
    message = r"theirs\.json .* of another person: on 2 days .* 100 plays .* 100, and 0 agree; .* ARGS=--anyway"
    with pytest.raises(BadExport, match=message):
        used.take(theirs)
    assert len(used.rows("streams")) == 100
    assert outcomes(used.take(theirs, anyway=True)) == {"kept": 100}


def test_an_export_is_compared_with_polls_in_a_folder_of_any_name(tmp_path: Path) -> None:
    lake = ExportLake(tmp_path / 'it\'s "mine" [1]')
    plays = [extended(n) for n in range(60)]
    columns = {"played_at": "ts", "track_uri": "spotify_track_uri", "name": "master_metadata_track_name"}
    polled = pa.Table.from_pylist([{name: play[key] for name, key in columns.items()} for play in plays])
    polled = polled.set_column(
        0, "played_at", polled["played_at"].cast(pa.timestamp("s", "UTC")).cast(pa.timestamp("ms"))
    )
    for table, names in (("recently_played", ["played_at", "track_uri"]), ("tracks", ["track_uri", "name"])):
        file = Path(lake.dataset.root).parent / "spotify" / table / "load_month=2026-11" / "1.5.a.parquet"
        file.parent.mkdir(parents=True)
        pq.write_table(polled.select(names), file)
    with pytest.raises(BadExport, match=r"of another person: .* the lake has 60 plays .* 60, and 0 agree"):
        lake.take(write(tmp_path / "theirs.json", [of_another(n) for n in range(60)]))
    assert outcomes(lake.take(write(tmp_path / "mine.json", plays))) == {"kept": 60}


def test_a_later_export_of_the_same_person_is_imported(used: ExportLake, tmp_path: Path) -> None:
    later = [extended(n, ms_played=1000) for n in range(10)] + [of_another(n) for n in range(10, 150)]
    assert outcomes(used.take(write(tmp_path / "later.json", later)))["kept"] == 150


def test_the_one_year_package_of_the_same_person_agrees_by_minute_and_title(used: ExportLake, tmp_path: Path) -> None:
    assert outcomes(used.take(write(tmp_path / "year.json", [music(n) for n in range(100)]))) == {"kept": 100}


def test_an_export_of_other_days_is_imported(used: ExportLake, tmp_path: Path) -> None:
    assert outcomes(used.take(write(tmp_path / "x.json", [of_another(n) for n in range(3000, 3200)])))["kept"] == 200


def test_fewer_than_fifty_records_are_not_judged(used: ExportLake, tmp_path: Path) -> None:
    assert outcomes(used.take(write(tmp_path / "x.json", [of_another(n) for n in range(49)]))) == {"kept": 49}


def test_podcasts_and_videos_are_not_compared_with_music(used: ExportLake, tmp_path: Path) -> None:
    contents = {
        "StreamingHistory_podcast_0.json": [podcast(n) for n in range(100)],
        "Streaming_History_Video_2024.json": [of_another(n) for n in range(100)],
    }
    assert outcomes(used.take(zipped(tmp_path / "x.zip", contents))) == {"kept": 200}


def test_exports_of_two_persons_in_one_import_are_told_apart(lake: ExportLake, tmp_path: Path) -> None:
    write(tmp_path / "x" / "me" / "Streaming_History_Audio_2024.json", [extended(n) for n in range(100)])
    write(tmp_path / "x" / "you" / "Streaming_History_Audio_2024.json", [of_another(n) for n in range(100)])
    with pytest.raises(BadExport, match="of another person"):
        lake.take(tmp_path / "x")
    assert lake.rows("streams") == []
