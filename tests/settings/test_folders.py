"""Where working files go when the project folder cannot be written."""

import os
from pathlib import Path

import pytest

from pipelines.settings import load_settings


def test_working_files_go_elsewhere_when_the_project_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings({}, tmp_path).work_dir == tmp_path / "data" / "demo"
    monkeypatch.setattr("os.access", lambda path, mode: not Path(path).is_relative_to(tmp_path))
    found = load_settings({}, tmp_path)
    assert not found.work_dir.is_relative_to(tmp_path)
    assert str(os.getuid()) in str(found.work_dir)
    assert load_settings({"WORK_DIR": "mine"}, tmp_path).work_dir == tmp_path / "mine"
