"""Data of a person without an account: exports."""

from pathlib import Path

import pytest

from pipelines.settings import load_settings


def test_an_export_is_data_of_a_person_without_an_account(tmp_path: Path) -> None:
    found = load_settings({}, tmp_path, is_import=True)
    assert (found.is_demo, found.has_account) == (False, False)
    assert found.lake_url == str(tmp_path / "data" / "lake")
    assert load_settings({"SPOTIFY_CLIENT_ID": "mine"}, tmp_path, is_import=True).has_account


def test_an_archive_that_waits_is_never_read_into_the_lake_of_the_demo_account(tmp_path: Path) -> None:
    (tmp_path / "data" / "imports").mkdir(parents=True)
    (tmp_path / "data" / "imports" / ".DS_Store").write_text("")
    assert load_settings({}, tmp_path).is_demo
    assert load_settings({}, tmp_path).imports_dir == tmp_path / "data" / "demo" / "imports"
    (tmp_path / "data" / "imports" / "my_spotify_data.zip").write_text("")
    assert not load_settings({}, tmp_path).is_demo
    assert load_settings({}, tmp_path).imports_dir == tmp_path / "data" / "imports"


@pytest.mark.parametrize(
    ("manifest", "is_own"), [('{"accounts": []}', True), ('{"accounts": ["1f"]}', False), ("[]", False), ("{", False)]
)
def test_a_lake_with_exports_alone_stays_that_of_its_person(tmp_path: Path, manifest: str, is_own: bool) -> None:
    lake = tmp_path / "data" / "lake"
    (lake / "streaming_history").mkdir(parents=True)
    (lake / "lake.json").write_text(manifest)
    assert load_settings({}, tmp_path).is_demo is not is_own
    elsewhere = tmp_path / "elsewhere"
    assert load_settings({"LAKE_URL": str(lake)}, elsewhere).is_demo is not is_own
