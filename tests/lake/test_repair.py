"""The next run repairs what a killed run left, on the same machine or on a fresh one."""

import json
import os
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


def test_a_cut_file_of_an_incomplete_load_is_removed(account: Account) -> None:
    file = torn(next((account.dataset / "tracks").iterdir()) / "1600000000.5.x.parquet")
    assert {each.outcome for each in account.load().reports} <= {"read", "not due"}
    assert not file.exists()


def test_readable_files_of_an_incomplete_load_stay_and_their_rows_are_not_valid(account: Account) -> None:
    real = next((account.dataset / "saved_tracks").glob("*/*.parquet"))
    orphan = real.with_name("1600000000.5.x.parquet")
    shutil.copy(real, orphan)
    account.load()
    assert orphan.exists()
    assert len(account.current_keys("saved_tracks")) == 30


@pytest.mark.parametrize("kind", ["_dlt_pipeline_state", "_dlt_loads", "_dlt_version"])
@pytest.mark.parametrize("content", ["", '{"version": 1, "en'])
def test_a_cut_record_of_dlt_is_removed(account: Account, kind: str, content: str) -> None:
    file = account.dataset / kind / "spotify__1600000000.5__torn.jsonl"
    file.write_text(content)
    assert new_rows(account.load()) == {}
    assert not file.exists()


def test_our_own_half_written_files_are_removed(account: Account) -> None:
    left = [torn(account.dataset / "tracks" / "x.parquet.new"), torn(account.dataset.parent / "lake.json.new")]
    account.load()
    assert not [file for file in left if file.exists()]


def test_a_missing_record_of_a_complete_load_is_added(account: Account) -> None:
    record = next((account.dataset / "_dlt_loads").glob("*.jsonl"))
    load_id = json.loads(record.read_text())["load_id"]
    record.unlink()
    assert new_rows(account.load()) == {}
    assert load_id in account.completed()
    assert len(account.current_keys("saved_tracks")) == 30


class Killed(BaseException):
    """Simulates SIGKILL: none of our code runs after it is raised."""


def test_a_file_is_written_completely_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(str(tmp_path))
    lake.write_json("lake.json", {"is": "old"})

    def cut(handle: int) -> None:
        os.ftruncate(handle, 5)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", cut)
        with pytest.raises(Killed):
            lake.write_json("lake.json", {"is": "new"})
    assert lake.read_json("lake.json") == {"is": "old"}
