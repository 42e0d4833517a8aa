"""One emulated AWS account with the applied configuration, shared by all tests of this folder; apply takes a minute."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.aws_lambda.tools import lambda_python
from tests.simulators.aws.terraform_account import REGION, ROOT_KEYS, Account, Keys
from tests.terraform.terraform import Terraform, find_provider

BUCKET = "a-lake"
ROLE = "spotify-elt"
UNRELATED = "another"  # a bucket, a database and a parameter that are not part of the configuration
VARIABLES = {
    "region": REGION,
    "bucket_name": BUCKET,
    "github_repository": "somebody/spotify-elt",
    "github_owner_id": 1001,
    "github_repository_id": 2002,
    "alert_email": "somebody@example.com",
    "run_on_lambda": True,
    "lambda_zips": "zips",
    "crawler": True,
}
SUBJECTS = (
    "repo:somebody/spotify-elt:ref:refs/heads/main",
    "repo:somebody@1001/spotify-elt@2002:ref:refs/heads/main",
)


@dataclass(repr=False)
class Applied:
    """The configuration after `terraform apply`, and what apply printed."""

    account: Account
    terraform: Terraform
    printed: str

    @cached_property
    def keys(self) -> Keys:
        """Keys of the role, as the workflow gets them."""
        return self.account.assume(ROLE, SUBJECTS[1])

    def as_role(self, service: str, url: str = "") -> Any:
        return self.account.client(service, self.keys, url)

    def as_owner(self, service: str) -> Any:
        return self.account.client(service, ROOT_KEYS)

    @cached_property
    def policy(self) -> dict[str, Any]:
        """The policy of the role, as IAM returns it."""
        found = self.as_owner("iam").get_role_policy(RoleName=ROLE, PolicyName="run")["PolicyDocument"]
        document: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
        return document


@pytest.fixture(scope="session")
def providers() -> Path:
    return find_provider()


@dataclass(repr=False)
class Applying:
    """A running `terraform apply`. It mostly waits until S3 has returned the same lifecycle rules several times."""

    account: Account
    terraform: Terraform
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def applying(providers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applying]:
    folder = tmp_path_factory.mktemp("account")
    with Account(folder, lambda_python()) as account:
        terraform = Terraform(folder, providers, account.environment(ROOT_KEYS))
        (terraform.folder / "terraform.tfvars.json").write_text(json.dumps(VARIABLES))
        with terraform.start("apply", "-auto-approve", "-input=false") as process:
            yield Applying(account, terraform, process)
            process.terminate()


@pytest.fixture(scope="session")
def applied(applying: Applying) -> Applied:
    printed, _ = applying.process.communicate()
    assert applying.process.returncode == 0, printed[-3000:]
    applied = Applied(applying.account, applying.terraform, printed)
    # These exist so that a call for them fails because of a missing permission and not because of a missing thing.
    applied.as_owner("s3").create_bucket(Bucket=UNRELATED, CreateBucketConfiguration={"LocationConstraint": REGION})
    applied.as_owner("glue").create_database(DatabaseInput={"Name": UNRELATED})
    applied.as_owner("ssm").put_parameter(Name=f"/spotify-elt/{UNRELATED}", Value="secret", Type="SecureString")
    return applied
