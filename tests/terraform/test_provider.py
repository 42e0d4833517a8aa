"""Which AWS provider the tests use, and why they are skipped if there is none."""

import shutil
from pathlib import Path

import pytest

from tests.terraform import terraform


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first folder that the tests search, on a machine that has Terraform."""
    monkeypatch.setenv("TERRAFORM_PROVIDERS", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    versions = tmp_path / "registry.terraform.io" / "hashicorp" / "aws"
    versions.mkdir(parents=True)
    return versions


def test_a_provider_in_a_folder_is_found(folder: Path) -> None:
    (folder / "5.100.0" / terraform.target()).mkdir(parents=True)
    assert terraform.find_provider() == folder.parents[2]


def test_a_provider_in_a_zip_file_is_found(folder: Path) -> None:
    (folder / f"terraform-provider-aws_5.100.0_{terraform.target()}.zip").touch()
    assert terraform.find_provider() == folder.parents[2]


def test_a_provider_for_another_machine_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "5.100.0" / "plan9_mips").mkdir(parents=True)
    monkeypatch.setattr(terraform, "provider_folders", lambda: iter([folder.parents[2]]))
    with pytest.raises(pytest.skip.Exception, match="`terraform -chdir=orchestration/terraform init` downloads one"):
        terraform.find_provider()


def test_without_terraform_the_reason_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="is not installed: https://"):
        terraform.find_provider()
