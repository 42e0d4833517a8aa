"""Where the AWS provider is looked for, and what is said where there is none."""

import platform
import shutil
from pathlib import Path

import pytest

from tests.terraform import terraform

TARGET = f"{platform.system().lower()}_{terraform.MACHINE.get(platform.machine().lower(), platform.machine().lower())}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder that is looked into, on a machine that has Terraform."""
    monkeypatch.setenv("TERRAFORM_PROVIDERS", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    held = tmp_path / "registry.terraform.io" / "hashicorp" / "aws"
    held.mkdir(parents=True)
    return held


def test_an_unpacked_provider_is_found(folder: Path) -> None:
    (folder / "5.100.0" / TARGET).mkdir(parents=True)
    assert terraform.mirror() == folder.parents[2]


def test_a_packed_provider_is_found(folder: Path) -> None:
    (folder / f"terraform-provider-aws_5.100.0_{TARGET}.zip").touch()
    assert terraform.mirror() == folder.parents[2]


def test_the_provider_of_another_machine_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "5.100.0" / "plan9_mips").mkdir(parents=True)
    monkeypatch.setattr(terraform, "mirrors", lambda: iter([folder.parents[2]]))
    with pytest.raises(pytest.skip.Exception, match="`terraform -chdir=orchestration/terraform init` fetches one"):
        terraform.mirror()


def test_without_terraform_the_reason_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="is not installed: https://"):
        terraform.mirror()
