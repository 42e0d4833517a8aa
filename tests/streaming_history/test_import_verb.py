"""`make import` and the folder data/imports, typed as a user types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.exit_codes import Exit
from orchestration.verbs.import_ import paths
from pipelines.settings import ROOT
from pipelines.streaming_history import waiting
from tests.machine import Machine
from tests.streaming_history.exports import as_spotify_zips, extended, music, write, zipped

Capture = pytest.CaptureFixture[str]
AUDIO = "Streaming_History_Audio_2024_1.json"
VIDEO = "Streaming_History_Video_2024.json"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    contents = {
        AUDIO: [extended(0), extended(1), extended(1), extended(2, ts="never"), extended(3, spotify_track_uri=None)],
        VIDEO: [extended(4, spotify_track_uri=None, master_metadata_track_name=None)],
        "Userdata.json": "{}",
    }
    return as_spotify_zips(tmp_path / "my_spotify_data.zip", "Spotify Extended Streaming History", contents)


def test_an_import_prints_what_became_of_each_record(machine: Machine, archive: Path, capsys: Capture) -> None:
    assert machine.type("import", str(archive)) == 0
    reject = machine.folder / "data" / "rejected"
    assert capsys.readouterr().out.replace(str(next(reject.iterdir())), "REJECTS") == (
        f"{AUDIO}\n"
        "  track        5 read = 3 kept + 1 repeated + 1 skipped\n"
        f"{VIDEO}\n"
        "  unidentified 1 read = 1 unidentified\n"
        "all\n"
        "               6 read = 3 kept + 1 unidentified + 1 repeated + 1 skipped\n"
        f"skipped in {AUDIO}: 1, because its time is missing or no time\n"
        "every skipped record is named in REJECTS\n"
        "covered (extended): 2024-03-01 18:00 UTC to 2024-03-01 18:20 UTC\n"
        f"\nlake: {machine.lake}\n"
        "next: `make build` makes the tables anew\n"
    )
    assert machine.demo_server.requests() == {}
    assert archive.exists()


def test_the_same_archive_again_is_not_read_and_dlt_is_not_imported(machine: Machine, archive: Path) -> None:
    assert machine.type("import", str(archive)) == 0
    code = (
        "import sys; from orchestration.cli import call; code = call(sys.argv[1:]); print(code, 'dlt' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "import", str(archive)],
        cwd=ROOT,
        env=os.environ | machine.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        f"my_spotify_data.zip was imported before, so it was not read\n\nlake: {machine.lake}\n0 False\n"
    )


def test_a_bad_archive_ends_with_5_and_leaves_no_lake(machine: Machine, tmp_path: Path, capsys: Capture) -> None:
    archive = tmp_path / "my_spotify_data.zip"
    archive.write_text("no zip")
    assert machine.type("import", str(archive)) == Exit.CONFIGURATION
    assert "is no whole zip file" in capsys.readouterr().err
    assert list(machine.lake.rglob("*.parquet")) == []


def test_a_word_may_name_several_paths_or_one_with_blanks(tmp_path: Path) -> None:
    one = write(tmp_path / "my data" / "a b.json", [])
    assert paths([str(one)]) == [one]
    assert paths([f"x.zip {tmp_path}", "'y z.zip'"]) == [Path("x.zip"), tmp_path, Path("y z.zip")]


def test_extract_imports_what_waits_and_reads_it_once(machine: Machine, capsys: Capture) -> None:
    waiting_folder = machine.folder / "data" / "imports"
    waiting_folder.mkdir(parents=True)
    good = zipped(waiting_folder / "good.zip", {AUDIO: [extended(0), extended(1)]})
    bad = zipped(waiting_folder / "bad.zip", {"../x.json": "[]"})
    assert machine.type("extract") == Exit.RESOURCES_STOPPED
    out = capsys.readouterr().out
    assert "exports: stopped: bad.zip is not imported: '../x.json' is a path that leads out of the archive" in out
    assert machine.last_run["rows_appended"]["streams"] == 2
    bad.unlink()
    assert machine.type("extract") == 0
    assert good.exists()
    assert machine.last_run["rows_appended"].get("streams", 0) == 0
    write(waiting_folder / "StreamingHistory_music_0.json", [music(5)])
    assert machine.type("extract") == 0
    assert machine.last_run["rows_appended"]["one_year_streams"] == 1
    assert machine.type("extract") == 0
    assert "exports" not in {row["resource"] for row in machine.last_run["resources"]}


def test_a_run_looks_again_when_a_file_changes(machine: Machine) -> None:
    from pipelines.settings import load_settings

    settings = load_settings(machine.environment, machine.folder)
    assert not waiting.is_due(settings)
    file = write(machine.folder / "data" / "imports" / "x" / AUDIO, [extended(0)])
    assert waiting.is_due(settings)
    waiting.keep(settings, waiting.stamp_of(settings))
    assert not waiting.is_due(settings)
    write(file, [extended(0), extended(1)])
    assert waiting.is_due(settings)


def test_forget_deletes_the_rows_the_reject_files_and_the_exports(
    machine: Machine, archive: Path, capsys: Capture
) -> None:
    waiting_file = write(machine.folder / "data" / "imports" / AUDIO, [extended(9)])
    assert machine.type("import", str(archive)) == 0
    capsys.readouterr()
    assert machine.type("forget", "--yes") == 0
    listed = capsys.readouterr().out
    for name in ("lake/streaming_history", f"imports/{AUDIO}", "rejected/"):
        assert name in listed
    assert not waiting_file.exists()
    assert list((machine.folder / "data").rglob("*")) == []
    assert archive.exists()
