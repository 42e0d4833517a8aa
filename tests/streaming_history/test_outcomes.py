"""What becomes of each record: the outcomes, and their sum."""

import json
from pathlib import Path

from tests.streaming_history.exports import PERSONAL, Record, audiobook, extended, generation_1, music, podcast, write
from tests.streaming_history.lakes import ExportLake, outcomes

NO_START = {"offline_timestamp": None}


def imported(lake: ExportLake, folder: Path, *files: list[Record]) -> dict[str, int]:
    """Import files of one export, and give back the outcomes that are not zero."""
    for number, records in enumerate(files):
        write(folder / f"Streaming_History_Audio_2024_{number}.json", records)
    return outcomes(lake.take(folder))


def test_new_records_are_kept_and_an_exact_copy_counts_as_repeated(lake: ExportLake, tmp_path: Path) -> None:
    assert imported(lake, tmp_path / "x", [extended(0), extended(1), extended(1)]) == {"kept": 2, "repeated": 1}
    assert [row["ms_played"] for row in lake.rows("streams")] == [180_000, 180_001]


def test_a_copy_that_differs_in_personal_values_only_is_repeated(lake: ExportLake, tmp_path: Path) -> None:
    records = [extended(1), extended(1, ip_addr="198.51.100.1"), extended(1, username="x", user_agent_decrypted="y")]
    assert imported(lake, tmp_path / "x", records) == {"kept": 1, "repeated": 2}


def test_plays_that_differ_in_their_start_alone_are_all_kept(lake: ExportLake, tmp_path: Path) -> None:
    start = extended(1)["offline_timestamp"]
    records = [extended(1, offline_timestamp=start - 1000 * each) for each in range(3)]
    assert imported(lake, tmp_path / "x", records) == {"kept": 3}


def test_a_copy_without_a_start_in_the_same_file_is_ambiguous(lake: ExportLake, tmp_path: Path) -> None:
    assert imported(lake, tmp_path / "x", [extended(1, **NO_START)] * 3) == {"kept": 1, "ambiguous": 2}


def test_a_copy_without_a_start_in_another_file_is_repeated(lake: ExportLake, tmp_path: Path) -> None:
    record = extended(1, **NO_START)
    assert imported(lake, tmp_path / "x", [record], [record, extended(2)]) == {"kept": 2, "repeated": 1}


def test_records_that_the_lake_has_are_known(lake: ExportLake, tmp_path: Path) -> None:
    imported(lake, tmp_path / "x", [extended(0), extended(1, **NO_START)])
    later = [extended(0), extended(1, **NO_START), extended(2)]
    assert imported(lake, tmp_path / "y", later) == {"kept": 1, "known": 2}


def test_a_record_is_known_although_its_title_has_changed(lake: ExportLake, tmp_path: Path) -> None:
    imported(lake, tmp_path / "x", [extended(0)])
    assert imported(lake, tmp_path / "y", [extended(0, master_metadata_track_name="Song 0 (Live)")]) == {"known": 1}


def test_a_newer_export_that_leaves_out_starts_brings_nothing_new(lake: ExportLake, tmp_path: Path) -> None:
    start = extended(1)["offline_timestamp"]
    imported(lake, tmp_path / "x", [extended(1, offline_timestamp=start - 1000 * each) for each in range(3)])
    newer = [extended(1, **NO_START)] * 4
    assert imported(lake, tmp_path / "y", newer) == {"known": 3, "ambiguous": 1}


def test_a_start_that_the_lake_does_not_have_is_new(lake: ExportLake, tmp_path: Path) -> None:
    imported(lake, tmp_path / "x", [extended(1, **NO_START)])
    assert imported(lake, tmp_path / "y", [extended(1)]) == {"kept": 1}


def test_an_export_without_uris_is_known_by_its_names(lake: ExportLake, tmp_path: Path) -> None:
    imported(lake, tmp_path / "x", [extended(1)])
    assert imported(lake, tmp_path / "y", [generation_1(1), generation_1(2)]) == {"kept": 1, "known": 1}


def test_a_record_with_neither_uri_nor_name_is_stored_and_counted_apart(lake: ExportLake, tmp_path: Path) -> None:
    nothing = extended(
        1,
        spotify_track_uri=None,
        master_metadata_track_name="",
        master_metadata_album_artist_name=None,
        master_metadata_album_album_name=None,
    )
    assert imported(lake, tmp_path / "x", [nothing]) == {"unidentified": 1}
    assert [row["content_type"] for row in lake.rows("streams")] == ["unidentified"]


def test_the_content_type_follows_the_uri_then_the_name(lake: ExportLake, tmp_path: Path) -> None:
    no_track = {"spotify_track_uri": None, "master_metadata_track_name": None}
    types: list[tuple[Record, str]] = [
        ({}, "track"),
        ({"spotify_track_uri": None}, "track"),
        ({"spotify_episode_uri": "spotify:episode:1"}, "episode"),
        (no_track | {"episode_name": "E"}, "episode"),
        ({"audiobook_chapter_uri": "spotify:episode:1"}, "audiobook"),
        ({"audiobook_uri": "spotify:show:1"}, "audiobook"),
    ]
    imported(lake, tmp_path / "x", [extended(number, **changes) for number, (changes, _) in enumerate(types)])
    assert [row["content_type"] for row in lake.rows("streams", "ts")] == [found for _, found in types]


def test_a_record_without_a_readable_time_or_length_is_skipped_with_the_reason(
    lake: ExportLake, tmp_path: Path
) -> None:
    no_time, no_length = "its time is missing or no time", "its length is missing or no length"
    odd: list[tuple[Record, str]] = [
        ({"ts": None}, no_time),
        ({"ts": "yesterday"}, no_time),
        ({"ts": "0001-01-01T00:00:00Z"}, no_time),
        ({"ms_played": None}, no_length),
        ({"ms_played": "long"}, no_length),
        ({"ms_played": -1}, no_length),
        ({"ms_played": 10**30}, no_length),
    ]
    records = [extended(0), *(extended(1, **changes) for changes, _ in odd), extended(2)]
    report = lake.take(write(tmp_path / "x.json", records))
    assert outcomes(report) == {"kept": 2, "skipped": 7}
    assert report.reject_file
    lines = [json.loads(line) for line in report.reject_file.read_text().splitlines()]
    assert lines == [{"file": "x.json", "index": number, "reason": reason} for number, (_, reason) in enumerate(odd, 1)]
    [row] = lake.rows("import_files")
    assert (row["rows_read"], row["rows_kept"], row["rows_skipped"]) == (9, 2, 7)
    assert set(row["skip_reasons"].split(", ")) == {f"{no_time} 3", f"{no_length} 4"}


def test_times_of_old_samples_without_t_and_z_are_read(lake: ExportLake, tmp_path: Path) -> None:
    assert imported(lake, tmp_path / "x", [extended(1, ts="2024-03-01 18:05:00")]) == {"kept": 1}


def test_no_personal_value_reaches_the_lake_or_the_reject_file(lake: ExportLake, tmp_path: Path) -> None:
    serial = "Partner invented_tv Invented;Box;9d8f7a6b5c;;tpa"
    records = [generation_1(0, platform=serial), extended(1, **PERSONAL), extended(2, ts=None, **PERSONAL)]
    report = lake.take(write(tmp_path / "x.json", records))
    assert report.reject_file
    found = repr([lake.rows(table) for table in ("streams", "import_files")]) + report.reject_file.read_text()
    assert not [value for value in (*PERSONAL.values(), "9d8f7a6b5c") if value in found]
    assert [row["platform"] for row in lake.rows("streams")] == ["partner", "android"]


def test_the_one_year_package_has_music_podcasts_and_audiobooks(lake: ExportLake, tmp_path: Path) -> None:
    folder = tmp_path / "Spotify Account Data"
    write(folder / "StreamingHistory_music_0.json", [music(0), music(1), music(1)])
    write(folder / "StreamingHistory_podcast_0.json", [podcast(2)])
    write(folder / "StreamingHistory_audiobook_0.json", [audiobook(3)])
    assert outcomes(lake.take(folder)) == {"kept": 4, "ambiguous": 1}
    rows = lake.rows("one_year_streams", "end_time")
    assert [row["content_type"] for row in rows] == ["track", "track", "episode", "audiobook"]
    assert rows[3]["chapter_name"] == "Chapter 3"


def test_two_one_year_exports_of_the_same_weeks_share_their_records(lake: ExportLake, tmp_path: Path) -> None:
    lake.take(write(tmp_path / "1.json", [music(0), music(1)]))
    assert outcomes(lake.take(write(tmp_path / "2.json", [music(1), music(2)]))) == {"kept": 1, "known": 1}
