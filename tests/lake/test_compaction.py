"""Compaction merges many small files into one without losing a row, even when it is interrupted."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.lake.compact import LOAD_RECORDS, OPEN_MONTH_FILES, compact
from pipelines.lake.store import Lake
from tests.account import Account

TABLE = "saved_shows"


@pytest.fixture
def account(new_account: Callable[..., Account]) -> Account:
    account = new_account(size=20, playlists=1)
    account.load()
    return account


def month(account: Account, name: str = "") -> Path:
    found = next((account.dataset / TABLE).iterdir())
    return found.with_name(name) if name else found


def grow(account: Account, count: int, name: str = "", first: int = 1700000000) -> Path:
    """Add `number` loads of one file each, copied from a real load."""
    real = next(month(account).glob("*.parquet"))
    rows = pq.read_table(real)
    folder = month(account, name)
    folder.mkdir(exist_ok=True)
    record = next((account.dataset / "_dlt_loads").glob("*.jsonl"))
    for number in range(count):
        load_id = f"{first + number}.25"
        ids = [[f"{load_id} {row}" for row in range(rows.num_rows)], [load_id] * rows.num_rows]
        renamed = rows
        for column, values in zip(("_dlt_id", "_dlt_load_id"), ids, strict=True):
            renamed = renamed.set_column(renamed.schema.get_field_index(column), column, [values])
        pq.write_table(renamed, folder / f"{load_id}.abc.parquet")
        real_id = record.name.split("__")[1].removesuffix(".jsonl")
        (record.with_name(f"spotify__{load_id}.jsonl")).write_text(record.read_text().replace(real_id, load_id))
    return folder


def rows(account: Account) -> list[tuple[Any, ...]]:
    """All rows without `load_month`, which is the folder's name and can change for a compacted row."""
    return account.query(f"select * exclude (load_month) from {{{TABLE}}} order by all")


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.parquet"))


def test_many_files_of_the_current_month_become_one_with_the_same_rows(account: Account) -> None:
    folder = grow(account, OPEN_MONTH_FILES)
    before = account.query(f"select * from {{{TABLE}}} order by all")
    compact(account.lake.dataset("spotify"), [TABLE])
    assert len(files(folder)) == 1
    assert account.query(f"select * from {{{TABLE}}} order by all") == before
    compact(account.lake.dataset("spotify"), [TABLE])
    assert len(files(folder)) == 1


def test_few_files_of_the_current_month_are_not_compacted(account: Account) -> None:
    folder = grow(account, OPEN_MONTH_FILES - 1)
    before = files(folder)
    compact(account.lake.dataset("spotify"), [TABLE])
    assert files(folder) == before


def test_a_past_month_becomes_one_file_even_if_it_has_few_files(account: Account) -> None:
    folder = grow(account, 3, "load_month=2020-01")
    compact(account.lake.dataset("spotify"), [TABLE])
    assert len(files(folder)) == 1
    assert len(files(month(account))) == 1


def test_all_past_months_become_one_file(account: Account) -> None:
    open_month = month(account)
    open_files = files(open_month)
    names = ("load_month=2020-01", "load_month=2020-02", "load_month=2021-01")
    older = [grow(account, 2, name, 1700000000 + 2 * number) for number, name in enumerate(names)]
    before = rows(account)
    compact(account.lake.dataset("spotify"), [TABLE])
    assert [len(files(folder)) for folder in older] == [0, 0, 1]
    assert files(open_month) == open_files
    assert rows(account) == before
    made = files(older[-1])
    compact(account.lake.dataset("spotify"), [TABLE])
    assert files(older[-1]) == made


def test_a_file_of_the_full_size_is_not_compacted_again(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    older = [grow(account, 3, f"load_month=2020-0{month}", 1700000000 + 3 * month) for month in (1, 2)]
    full = max((file for folder in older for file in folder.iterdir()), key=lambda file: file.name)
    pq.write_table(pq.read_table(full), full, compression="none", use_dictionary=False)
    before = rows(account)
    monkeypatch.setattr("pipelines.lake.compact.FULL_BYTES", full.stat().st_size)
    compact(account.lake.dataset("spotify"), [TABLE])
    left = [file for folder in older for file in folder.iterdir()]
    assert full in left
    assert len(left) == 2
    assert rows(account) == before


@pytest.mark.parametrize("over", [True, False])
def test_after_an_interrupted_compaction_the_next_one_leaves_each_row_once(
    account: Account, monkeypatch: pytest.MonkeyPatch, over: bool
) -> None:
    if over:
        folder = [grow(account, 3, f"load_month=2020-0{month}", 1700000000 + 3 * month) for month in (1, 2, 3)][-1]
    else:
        folder = grow(account, OPEN_MONTH_FILES)
    before = rows(account)
    removed: list[str] = []

    class Killed(Exception):
        pass

    lake = account.lake
    unlink = Path.unlink

    def until_killed(path: Path, missing_ok: bool = False) -> None:
        if len(removed) == 5:
            raise Killed
        removed.append(str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", until_killed)
    with pytest.raises(Killed):
        compact(lake.dataset("spotify"), [TABLE])
    monkeypatch.setattr(Path, "unlink", unlink)
    assert len(removed) == 5
    assert len(account.query(f"select * from {{{TABLE}}}")) > len(before)
    assert set(rows(account)) == set(before)
    if not over:
        grow(account, 5)
    compact(account.lake.dataset("spotify"), [TABLE])
    assert len(files(folder)) == 1
    assert rows(account) == before


def test_the_new_file_is_written_before_the_old_files_are_removed(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = grow(account, OPEN_MONTH_FILES)
    before = set(files(folder))

    def full(lake: Lake, path: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Lake, "write", full)
    with pytest.raises(OSError, match="No space"):
        compact(account.lake.dataset("spotify"), [TABLE])
    assert set(files(folder)) == before


def test_files_of_incomplete_loads_are_not_compacted(account: Account) -> None:
    folder = grow(account, OPEN_MONTH_FILES)
    orphan = folder / "1600000000.5.abc.parquet"
    shutil.copy(next(folder.glob("17000*.parquet")), orphan)
    before = account.query(f"select count(*) from {{{TABLE}}}")
    compact(account.lake.dataset("spotify"), [TABLE])
    assert orphan.exists()
    assert len(files(folder)) == 2
    assert account.query(f"select count(*) from {{{TABLE}}}") == before


def test_the_records_of_many_loads_are_compacted_into_one_file(account: Account) -> None:
    real = len(account.completed())
    grow(account, LOAD_RECORDS)
    before = account.completed()
    compact(account.lake.dataset("spotify"), [TABLE])
    assert len(list((account.dataset / "_dlt_loads").glob("*.jsonl*"))) == 1
    assert account.completed() == before
    assert len(before) == real + LOAD_RECORDS


def test_files_with_and_without_a_newer_column_are_compacted_into_one(account: Account) -> None:
    folder = grow(account, OPEN_MONTH_FILES)
    older = next(folder.glob("17000*.parquet"))
    pq.write_table(pq.read_table(older).drop_columns(["added_at"]), older)
    compact(account.lake.dataset("spotify"), [TABLE])
    counts = account.query(f"select count(*), count(added_at) from {{{TABLE}}}")[0]
    assert counts[0] - counts[1] == 8


def test_runs_continue_after_a_compaction(account: Account) -> None:
    grow(account, OPEN_MONTH_FILES + 1)
    account.load()
    account.moves_to_another_machine()
    loaded = account.load(full=True)
    assert loaded.rows.get(TABLE, 0) == 0
    assert {each.outcome for each in loaded.reports} == {"read"}
