"""A run can start in any folder, because the project finds its files relative to its code."""

from pathlib import Path

from pipelines.settings import ROOT
from tests import warm


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
    assert warm.run(["-m", "orchestration", "extract"], tmp_path / "elsewhere", environment).returncode == 0
    files = [file.relative_to(tmp_path / "lake" / "spotify") for file in (tmp_path / "lake").rglob("*.parquet")]
    assert files
    assert {file.parts[1].partition("=")[0] for file in files} == {"load_month"}
    assert not list((tmp_path / "elsewhere").iterdir())
