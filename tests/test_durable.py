"""What must survive a power cut is on the disk before anything refers to it."""

import os
import stat
from pathlib import Path

import pytest

from pipelines import durable
from tests.account import Account


def test_a_file_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "folder" / "lake.json"
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        done.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", watched)
    monkeypatch.setattr(Path, "replace", renamed)
    durable.write(file, b"new")
    assert done == ["content", "name", "folder"]
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_a_kill_left_gets_the_private_mode(tmp_path: Path) -> None:
    left = tmp_path / "token.json.new"
    left.touch(mode=0o644)
    durable.write(tmp_path / "token.json", b"{}", mode=0o600)
    assert (tmp_path / "token.json").stat().st_mode & 0o777 == 0o600


def test_the_rows_of_a_load_are_on_the_disk_before_its_record_is_written(
    copied_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copied_account.completed()
    synced: dict[Path, bool] = {}
    sync = durable._sync

    def watched(path: Path) -> None:
        synced.setdefault(path, copied_account.completed() == before)
        sync(path)

    monkeypatch.setattr(durable, "_sync", watched)
    copied_account.demo_server.mutate("save")
    copied_account.load()
    [load_id] = copied_account.completed() - before
    rows = list(copied_account.dataset.glob(f"*/*/{load_id}.*.parquet"))
    assert len(rows) > 1
    assert all(synced[file] and synced[file.parent] for file in rows)
    records = [*copied_account.dataset.glob(f"_dlt_*/*__{load_id}*.jsonl")]
    assert len(records) == 2
    assert all(file in synced for file in records)
