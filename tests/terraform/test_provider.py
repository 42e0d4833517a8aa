"""Which AWS provider the tests use, and why they are skipped, or fail where CI is set, if there is none."""

import shutil
from pathlib import Path

import pytest

from tests.terraform import terraform


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first folder that the tests search, on a machine that has Terraform."""
    monkeypatch.setenv("TERRAFORM_PROVIDERS", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.delenv("CI", raising=False)
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
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="is not installed: https://"):
        terraform.find_provider()


def test_where_ci_is_set_a_missing_terraform_or_provider_fails_the_test(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(terraform, "provider_folders", lambda: iter([folder.parents[2]]))
    with pytest.raises(pytest.fail.Exception, match="no AWS provider"):
        terraform.find_provider()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="is not installed"):
        terraform.find_provider()


def test_the_lock_file_pins_one_version_for_every_platform() -> None:
    lock = (terraform.CONFIGURATION / ".terraform.lock.hcl").read_text()
    versions = (terraform.CONFIGURATION / "versions.tf").read_text()
    assert lock.count("version     =") == 1
    assert 'version = ">= 5.100, < 6.0"' in versions
    assert 'constraints = ">= 5.100.0, < 6.0.0"' in lock
    # A hash of each platform's zip file, from the checksums that HashiCorp signs, and one of an unpacked folder.
    assert lock.count('"zh:') == 15
    assert lock.count('"h1:') >= 1
