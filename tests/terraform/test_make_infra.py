"""`make infra` with a script in place of Terraform."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import Checkout
from tests.terraform.terraform import CONFIGURATION

TERRAFORM = '#!/bin/sh\necho "${PWD##*/}: $*"\n'
# GitHub's API finds a repository whatever the case of its name.
GH = '#!/bin/sh\necho "Somebody/Spotify-ELT 1001 2002"\n'
SPELLED = 'github_repository    = "Somebody/Spotify-ELT" # as GitHub spells it\n'
IDS = "github_owner_id      = 1001 # of the owner\ngithub_repository_id = 2002\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path.resolve())
    folder = made.folder / "orchestration" / "terraform"
    folder.mkdir()
    shutil.copy(CONFIGURATION / "repository.sh", folder)
    made.has("sed", f'#!/bin/sh\nexec {shutil.which("sed")} "$@"\n')
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


def test_a_repository_that_github_spells_otherwise_stops_before_terraform(checkout: Checkout) -> None:
    checkout.has("terraform", TERRAFORM)
    checkout.has("gh", GH)
    given = checkout.folder / "orchestration" / "terraform" / "terraform.tfvars"
    for wrong in (SPELLED.lower() + IDS, SPELLED + IDS.replace("1001", "1")):
        given.write_text(wrong)
        made = checkout.make("infra")
        assert made.returncode != 0
        assert "terraform:" not in made.stdout
        assert 'github_repository    = "Somebody/Spotify-ELT"\ngithub_owner_id      = 1001' in made.stderr
        assert checkout.make("infra", "ARGS=-destroy").returncode == 0
    given.write_text(SPELLED + IDS)
    assert "terraform: apply" in checkout.make("infra").stdout


def test_without_an_answer_of_github_the_spelling_is_not_compared(checkout: Checkout) -> None:
    checkout.has("terraform", TERRAFORM)
    checkout.has("gh", "#!/bin/sh\necho not logged in >&2\nexit 4\n")
    (checkout.folder / "orchestration" / "terraform" / "terraform.tfvars").write_text(SPELLED + IDS)
    made = checkout.make("infra")
    assert "terraform: apply" in made.stdout
    assert made.stderr == ""
