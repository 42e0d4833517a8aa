"""The configuration without an account: style, types, and what the plan says."""

from pathlib import Path

import pytest

from tests.terraform.terraform import CONFIGURATION, Terraform


@pytest.fixture(scope="module")
def terraform(request: pytest.FixtureRequest, providers: Path, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    # Applying is mostly waiting; where later tests need it, it begins here.
    if any("applied" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("applying")
    return Terraform(tmp_path_factory.mktemp("configuration"), providers)


def test_every_file_has_terraforms_own_format(terraform: Terraform) -> None:
    assert terraform.must("fmt", "-check", "-recursive", "-diff") == ""


def test_the_configuration_is_valid(terraform: Terraform) -> None:
    assert "The configuration is valid" in terraform.must("validate")


def test_the_plan_keeps_its_promises(terraform: Terraform) -> None:
    """orchestration/terraform/tests holds them, in Terraform's own language."""
    printed = terraform.must("test")
    runs = [file.read_text().count("\nrun ") for file in (CONFIGURATION / "tests").glob("*.tftest.hcl")]
    assert f"{sum(runs)} passed, 0 failed." in printed


def test_every_variable_is_described(terraform: Terraform) -> None:
    for file in CONFIGURATION.rglob("variables.tf"):
        text = file.read_text()
        assert text.count('variable "') == text.count("  description = "), file
    assert (CONFIGURATION / "variables.tf").exists()


def test_the_example_names_every_variable_without_a_default() -> None:
    blocks = (CONFIGURATION / "variables.tf").read_text().split('variable "')[1:]
    needed = {block.split('"')[0] for block in blocks if "\n  default " not in block}
    example = (CONFIGURATION / "terraform.tfvars.example").read_text()
    assert needed == {line.split()[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}
