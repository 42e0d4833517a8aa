"""What dlt finds on the machine for other projects does not reach a run."""

from pathlib import Path

import pytest

from tests.account import Account

OF_OTHERS = {
    "DLT_DATA_DIR": "/nonexistent/data",
    "DLT_PROJECT_DIR": "/nonexistent/project",
    "DLT_LOCAL_DIR": "/nonexistent/local",
    "DEV_MODE": "true",
    "DATASET_NAME": "theirs",
    "PIPELINE_NAME": "theirs",
    "RESTORE_FROM_DESTINATION": "false",
    "SCHEMA__NAMING": "direct",
    "NORMALIZE__LOADER_FILE_FORMAT": "jsonl",
    "DATA_WRITER__FILE_MAX_ITEMS": "3",
    "LOAD__DELETE_COMPLETED_JOBS": "false",
    "DESTINATION__FILESYSTEM__BUCKET_URL": "/nonexistent/bucket",
    "DESTINATION__FILESYSTEM__LAYOUT": "{table_name}/{file_id}.{ext}",
    "SOURCES__SPOTIFY__CLIENT_ID": "theirs",
}
CONFIG = """
[normalize]
loader_file_format = "jsonl"
[schema]
naming = "direct"
"""


def test_dlts_variables_and_home_folder_do_not_change_the_lake(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in OF_OTHERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    config = tmp_path / "home" / ".dlt" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(CONFIG)
    account.load()
    assert [file.name for file in config.parent.iterdir()] == ["config.toml"]
    assert len(list(account.dataset.glob("saved_tracks/load_month=*/*.parquet"))) == 1
    assert len(account.rows("saved_tracks")) == 120
    assert not account.load().rows.get("saved_tracks")
