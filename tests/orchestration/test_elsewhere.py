"""A run can start in any folder, because the project finds its files relative to its code."""

import subprocess
import sys
from pathlib import Path

from pipelines.settings import ROOT


def test_a_run_started_in_another_folder_writes_the_same_layout(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "LAKE_URL": str(tmp_path / "lake"),
        "DUCKDB_PATH": str(tmp_path / "spotify.duckdb"),
        "WORK_DIR": str(tmp_path / "work"),
    }
    command = [sys.executable, "-m", "orchestration", "extract"]
    subprocess.run(command, cwd=tmp_path / "elsewhere", env=environment, check=True, capture_output=True)
    files = [file.relative_to(tmp_path / "lake" / "spotify") for file in (tmp_path / "lake").rglob("*.parquet")]
    assert files
    assert {file.parts[1].partition("=")[0] for file in files} == {"load_month"}
    assert not list((tmp_path / "elsewhere").iterdir())
