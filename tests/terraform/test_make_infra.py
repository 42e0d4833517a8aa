"""`make infra` with a script in place of Terraform."""

from pathlib import Path

import pytest

from tests.checkout import Checkout

TERRAFORM = '#!/bin/sh\necho "${PWD##*/}: $*"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path.resolve())
    (made.folder / "orchestration" / "terraform").mkdir()
    return made


def test_make_infra_initialises_and_applies_without_auto_approve(checkout: Checkout) -> None:
    checkout.has("terraform", TERRAFORM)
    assert checkout.make("infra").stdout.split("\n") == ["terraform: init -input=false", "terraform: apply", ""]
    assert not checkout.env.exists()


def test_args_are_passed_to_apply(checkout: Checkout) -> None:
    checkout.has("terraform", TERRAFORM)
    assert "terraform: apply -destroy\n" in checkout.make("infra", "ARGS=-destroy").stdout


def test_nothing_is_applied_when_init_fails(checkout: Checkout) -> None:
    checkout.has("terraform", f"{TERRAFORM}exit 1\n")
    made = checkout.make("infra")
    assert made.returncode != 0
    assert "apply" not in made.stdout


def test_without_terraform_the_message_says_where_to_get_it(checkout: Checkout) -> None:
    made = checkout.make("infra")
    assert made.returncode != 0
    assert made.stderr.startswith("make infra needs Terraform 1.11 or newer: https://")
