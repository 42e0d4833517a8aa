"""`make import` and the folder data/imports, typed as a user types them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.exit_codes import Exit
from orchestration.verbs.import_ import paths
from pipelines.load import load
from pipelines.settings import ROOT
from pipelines.streaming_history import waiting
from pipelines.streaming_history.lake_source import STREAMING_HISTORY
from tests.machine import Machine
from tests.streaming_history.exports import as_spotify_zips, extended, music, write, zipped
from tests.streaming_history.lakes import ExportLake

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


def test_an_import_prints_what_became_of_each_record_as_the_docs_show(
    machine: Machine, archive: Path, capsys: Capture
) -> None:
    assert machine.type("import", str(archive)) == 0
    printed = capsys.readouterr().out.replace(f"{machine.folder}/", "")
    [example] = re.findall(r"<!-- example: .*?```\n(.*?)```", (ROOT / "docs" / "import.md").read_text(), re.DOTALL)
    assert re.sub(r"[0-9a-f]{16}\.jsonl", "0123456789abcdef.jsonl", printed) == example
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
    one, two = write(tmp_path / "my data" / "a b.json", []), write(tmp_path / "c.json", [])
    assert paths([str(one)]) == [one]
    assert paths([f"'{one}' {two}", str(tmp_path)]) == [one, two, tmp_path]
    assert paths(["a.zip b's.zip"]) == [Path("a.zip b's.zip")]


def test_extract_imports_what_waits_and_names_what_it_cannot_import(machine: Machine, capsys: Capture) -> None:
    folder = machine.folder / "data" / "imports"
    folder.mkdir(parents=True)
    good = zipped(folder / "good.zip", {AUDIO: [extended(0), extended(1)]})
    zipped(folder / "bad.zip", {"../x.json": "[]"})
    assert machine.type("extract") == Exit.RESOURCES_STOPPED
    out = capsys.readouterr().out
    assert "exports: stopped: bad.zip is not imported: '../x.json' is a path that leads out of the archive" in out
    assert machine.last_run["rows_appended"]["streams"] == 2
    assert good.exists()


def test_what_waits_is_read_once(lake: ExportLake) -> None:
    folder = lake.folder / "data" / "imports"
    file = write(folder / AUDIO, [extended(0), extended(1)])
    assert load(lake.settings, sources=[STREAMING_HISTORY]).rows["streams"] == 2
    assert load(lake.settings, sources=[STREAMING_HISTORY]).sources == {}
    write(folder / "StreamingHistory_music_0.json", [music(5)])
    assert load(lake.settings, sources=[STREAMING_HISTORY]).rows == {"one_year_streams": 1}
    assert file.exists()


def test_a_run_looks_again_when_a_file_changes(lake: ExportLake) -> None:
    settings = lake.settings
    assert not waiting.is_due(settings)
    file = write(lake.folder / "data" / "imports" / "x" / AUDIO, [extended(0)])
    assert waiting.is_due(settings)
    waiting.keep(settings, waiting.stamp_of(settings))
    assert waiting.is_due(settings)  # the lake has no imports
    Path(settings.lake_url, "streaming_history").mkdir(parents=True)
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
