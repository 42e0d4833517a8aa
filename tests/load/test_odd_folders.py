"""A lake in a folder whose name has signs that libraries give a meaning."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.lake.repair import repair_rows
from tests.account import SMALL, Account
from tests.simulators.spotify.demo_server import DemoServer


@pytest.mark.parametrize("name", ["100% [it's] #1", "a::b *?"])
def test_a_lake_in_a_folder_of_any_name_is_written_and_read_again(
    demo_servers: Callable[..., DemoServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / name
    folder.mkdir()
    account = Account(demo_servers(**SMALL), folder, DUCKDB_PATH=str(tmp_path / "x.duckdb"))
    assert account.load().rows["saved_tracks"] == 120
    assert [each.name for each in tmp_path.iterdir() if each.name not in ("home", name)] == []
    assert Path(account.lake.root) == folder / "data" / "lake"
    assert not account.load().rows.get("saved_tracks")
    assert not repair_rows(account.lake, ["spotify"])
    assert len(account.rows("saved_tracks")) == 120
