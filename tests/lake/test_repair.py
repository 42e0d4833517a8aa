"""What a kill can leave behind is put right by the next run, here or on a fresh machine."""

import json
import shutil
from pathlib import Path

import pytest

from pipelines.lake.store import Lake
from tests.account import Account, new_rows


@pytest.fixture
def account(copied_account: Account) -> Account:
    return copied_account


def torn(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"PAR1 cut off")
    return file


def test_a_torn_file_of_a_load_that_did_not_end_is_removed(account: Account) -> None:
    file = torn(next((account.dataset / "tracks").iterdir()) / "1600000000.5.x.parquet")
    assert {each.outcome for each in account.load().reports} <= {"read", "not due"}
    assert not file.exists()


def test_whole_files_of_a_load_that_did_not_end_stay_and_count_for_nothing(account: Account) -> None:
    real = next((account.dataset / "saved_tracks").glob("*/*.parquet"))
    orphan = real.with_name("1600000000.5.x.parquet")
    shutil.copy(real, orphan)
    account.load()
    assert orphan.exists()
    assert len(account.current_keys("saved_tracks")) == 30


@pytest.mark.parametrize("kind", ["_dlt_pipeline_state", "_dlt_loads", "_dlt_version"])
@pytest.mark.parametrize("content", ["", '{"version": 1, "en'])
def test_a_torn_record_of_dlt_is_removed(account: Account, kind: str, content: str) -> None:
    file = account.dataset / kind / "spotify__1600000000.5__torn.jsonl"
    file.write_text(content)
    assert new_rows(account.load()) == {}
    assert not file.exists()


def test_half_written_files_of_our_own_are_removed(account: Account) -> None:
    left = [torn(account.dataset / "tracks" / "x.parquet.new"), torn(account.dataset.parent / "lake.json.new")]
    account.load()
    assert not [file for file in left if file.exists()]


def test_the_record_of_a_load_whose_every_row_had_arrived_is_written_again(account: Account) -> None:
    record = next((account.dataset / "_dlt_loads").glob("*.jsonl"))
    load_id = json.loads(record.read_text())["load_id"]
    record.unlink()
    assert new_rows(account.load()) == {}
    assert load_id in account.completed()
    assert len(account.current_keys("saved_tracks")) == 30


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours runs after it."""


def test_a_file_is_put_in_place_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(str(tmp_path))
    lake.write_json("lake.json", {"is": "old"})

    def cut(path: str, content: bytes) -> None:
        Path(path).write_bytes(content[:5])
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(lake.fs, "pipe_file", cut)
        with pytest.raises(Killed):
            lake.write_json("lake.json", {"is": "new"})
    assert lake.read_json("lake.json") == {"is": "old"}
