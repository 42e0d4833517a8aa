"""Checks of the configuration that need no AWS account."""

from pathlib import Path

import pytest

from tests.terraform.terraform import CONFIGURATION, Terraform


@pytest.fixture(scope="module")
def terraform(request: pytest.FixtureRequest, providers: Path, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    # `terraform apply` mostly waits. If later tests need it, start it now, so that it runs beside these tests.
    if any("applied" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("applying")
    return Terraform(tmp_path_factory.mktemp("configuration"), providers)


def test_every_file_is_formatted_by_terraform_fmt(terraform: Terraform) -> None:
    assert terraform.must("fmt", "-check", "-recursive", "-diff") == ""


def test_the_configuration_is_valid(terraform: Terraform) -> None:
    assert "The configuration is valid" in terraform.must("validate")


def test_all_runs_of_terraform_test_pass(terraform: Terraform) -> None:
    printed = terraform.must("test")
    runs = [file.read_text().count("\nrun ") for file in (CONFIGURATION / "tests").glob("*.tftest.hcl")]
    assert f"{sum(runs)} passed, 0 failed." in printed


def test_every_variable_has_a_description() -> None:
    undescribed = [name for name, block in variables().items() if "\n  description = " not in block]
    assert undescribed == []


def test_the_example_names_every_variable_without_a_default() -> None:
    required = {name for name, block in variables().items() if "\n  default " not in block}
    example = (CONFIGURATION / "terraform.tfvars.example").read_text()
    assert required == {line.split()[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}


def variables() -> dict[str, str]:
    """The text of each block in variables.tf, by the name of the variable."""
    blocks = (CONFIGURATION / "variables.tf").read_text().split('variable "')[1:]
    assert blocks
    return {block.split('"')[0]: block for block in blocks}
