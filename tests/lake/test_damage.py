"""What a power cut or a bad disk did to a file is repaired from the lake, or named with what is lost."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.lake import compact, damage, manifest, repair
from pipelines.lake.repair import repair_dataset, repair_rows, repair_working_folder
from pipelines.lake.store import Lake
from tests.account import Account, new_rows, report

NEWER = b'{"load_id": "2000000000.5", "status": 0}'
HALF_JSON = b'{"version": 1, "en'


@pytest.fixture
def account(copied_account: Account) -> Account:
    return copied_account


@pytest.fixture
def lake(copied_account: Account) -> Lake:
    """A lake that was loaded once."""
    return copied_account.lake


def data_file(lake: Lake, table: str) -> Path:
    return next(Path(lake.root, "spotify", table).rglob("*.parquet"))


def overwrite_rows(file: Path) -> None:
    """Overwrite the first column with zeros. The footer stays whole."""
    content = bytearray(file.read_bytes())
    chunk = pq.read_metadata(file).row_group(0).column(0)
    start, length = chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size
    content[start : start + length] = bytes(length)
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("state.json", b""),
        ("state.json", HALF_JSON),
        ("state.json", bytes(2351)),
        ("schemas/spotify.schema.json", b""),
        ("load/.version", b""),
        ("load/.version", b"1."),
        ("load/normalized/1600000000.5/new_jobs/tracks.1.0.parquet", b"PAR1 cut off"),
        ("normalize/extracted/1600000000.5/new_jobs/tracks.1.0.typed-jsonl", b'[{"a":1}]\n[{"a":'),
    ],
)
def test_a_working_folder_with_a_damaged_file_is_deleted(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / "spotify" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    repair_working_folder(tmp_path / "spotify")
    assert not (tmp_path / "spotify").exists()


def test_a_run_without_its_working_folder_goes_on_with_the_state_of_the_lake(account: Account) -> None:
    account.load()
    folder = account.settings.working_dir / "spotify"
    (folder / "state.json").write_bytes(b"")
    loaded = account.load()
    assert new_rows(loaded) == {}
    assert report(loaded, "saved_albums").outcome == "not due"


@pytest.mark.parametrize("content", [b"", HALF_JSON, b"[]"])
def test_a_damaged_manifest_is_replaced_by_its_copy(lake: Lake, content: bytes) -> None:
    whole = manifest.open_manifest(lake, [])
    Path(lake.root, manifest.MANIFEST).write_bytes(content)
    opened = manifest.open_manifest(lake, [])
    with pytest.raises(manifest.WrongLake, match="another Spotify account"):
        manifest.bind_account(opened, lake, ["somebody else"])
    manifest.save_manifest(opened, lake)
    assert lake.read_json(manifest.MANIFEST) == whole


@pytest.mark.parametrize("content", [b"", HALF_JSON, bytes(184)])
def test_a_damaged_record_of_a_load_is_written_again_from_its_name(lake: Lake, content: bytes) -> None:
    before = lake.dataset("spotify").completed()
    for kind in ("_dlt_loads", "_dlt_pipeline_state"):
        next(Path(lake.root, "spotify", kind).iterdir()).write_bytes(content)
    assert repair_dataset(lake.dataset("spotify")) == before
    assert lake.dataset("spotify").completed() == before


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b cut"])
def test_a_damaged_file_of_many_load_records_is_written_again_from_the_data(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    before = lake.dataset("spotify").completed()
    monkeypatch.setattr(compact, "LOAD_RECORDS", 0)
    compact.compact(lake.dataset("spotify"), [])
    shutil.rmtree(Path(lake.root, "spotify", "_dlt_pipeline_state"))
    next(Path(lake.root, "spotify", "_dlt_loads").iterdir()).write_bytes(content)
    assert repair_dataset(lake.dataset("spotify")) == before


@pytest.mark.parametrize("content", [b"", b'{"initial_ver', bytes(41)])
def test_a_damaged_init_file_of_dlt_is_written_again(account: Account, content: bytes) -> None:
    init = account.dataset / "init"
    init.write_bytes(content)
    assert new_rows(account.load()) == {}
    assert json.loads(init.read_text())["current_version"]


@pytest.mark.parametrize("name", [manifest.LAST_RUN, manifest.LAST_BUILD, manifest.LAST_FAILURE, damage.RECORD])
def test_a_damaged_record_of_a_run_counts_as_missing(tmp_path: Path, name: str) -> None:
    lake = Lake(str(tmp_path))
    (tmp_path / name).write_bytes(HALF_JSON)
    assert lake.read_json(name) is None
    assert manifest.last_read_at(lake) is None
    assert damage.missing_rows(lake) == []


@pytest.mark.parametrize("cut", ["empty", "half", "zeros at the end", "a damaged footer"])
def test_a_damaged_data_file_of_a_complete_load_is_moved_away_and_named(lake: Lake, cut: str) -> None:
    file = data_file(lake, "recently_played")
    content = file.read_bytes()
    half = len(content) // 2
    damaged = {
        "empty": b"",
        "half": content[:half],
        "zeros at the end": content[:half] + bytes(len(content) - half),
        "a damaged footer": content[:-200] + bytes(192) + content[-8:],
    }
    file.write_bytes(damaged[cut])
    before = lake.dataset("spotify").completed()
    completed = repair_dataset(lake.dataset("spotify"))
    assert completed == before
    assert not file.exists()
    assert Path(lake.root, "damaged", file.relative_to(lake.root)).read_bytes() == damaged[cut]
    [line] = damage.missing_rows(lake)
    assert f"spotify/recently_played/{file.parent.name}/{file.name} was damaged" in line
    assert "Spotify no longer shows" in line
    assert repair_dataset(lake.dataset("spotify")) == completed
    assert len(damage.missing_rows(lake)) == 1


@pytest.mark.parametrize("content", [b"", b"PAR1 cut off", b"PAR1" + bytes(100)])
def test_a_damaged_data_file_of_an_old_load_is_found_by_its_ends(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(repair, "CHECKED_LOADS", 1)
    lake.dataset("spotify").write(f"{lake.root}/spotify/_dlt_loads/spotify__2000000000.5.jsonl", NEWER)
    file = data_file(lake, "tracks")
    file.write_bytes(content)
    repair_dataset(lake.dataset("spotify"))
    assert not file.exists()
    assert len(damage.missing_rows(lake)) == 1


def test_the_rows_of_a_damaged_file_are_read_again_by_one_run(account: Account) -> None:
    plays = account.rows("recently_played")
    for table in ("recently_played", "saved_albums", "tracks"):
        data_file(account.lake, table).write_bytes(b"")
    loaded = account.load()
    assert [line.split(" was damaged")[0].split("/")[1] for line in loaded.warnings] == [
        "recently_played",
        "saved_albums",
        "tracks",
    ]
    assert {row["played_at"] for row in account.rows("recently_played")} == {row["played_at"] for row in plays}
    assert len(account.current_keys("saved_albums")) == 1
    assert new_rows(loaded)["tracks"] > 0
    again = account.load()
    assert again.warnings == []
    assert report(again, "saved_albums").outcome == "not due"


def test_damaged_rows_behind_a_whole_footer_are_found_when_they_are_read(account: Account) -> None:
    file = data_file(account.lake, "saved_tracks")
    overwrite_rows(file)
    account.load()
    assert not file.exists()
    assert len(account.load().warnings) == 1
    assert len(account.current_keys("saved_tracks")) == 30


def test_a_failed_build_looks_for_damaged_rows(lake: Lake) -> None:
    file = data_file(lake, "tracks")
    assert not repair_rows(lake, ["spotify"])
    overwrite_rows(file)
    assert repair_rows(lake, ["spotify"])
    assert not file.exists()


def test_a_compaction_leaves_a_damaged_file_out(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    file = data_file(lake, "tracks")
    twin = file.with_name(file.name.replace(".parquet", "1.parquet"))
    shutil.copy(file, twin)
    overwrite_rows(twin)
    monkeypatch.setattr(compact, "OPEN_MONTH_FILES", 1)
    compact.compact(lake.dataset("spotify"), ["tracks"])
    assert not twin.exists()
    assert file.exists()


def test_the_damage_record_says_what_was_damaged_and_when_it_was_read_again(lake: Lake) -> None:
    damage.move_away(lake.dataset("spotify"), [str(data_file(lake, "tracks"))])
    damage.rows_read_again(lake, ["spotify"])
    [found] = json.loads(Path(lake.root, damage.RECORD).read_text())["files"]
    assert found["is_read_again"]
    assert found["file"].startswith("spotify/tracks/")
    assert damage.missing_rows(lake) == []
