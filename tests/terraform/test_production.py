"""The applied configuration: what it prints, what a second apply changes, and how deleted objects are kept."""

import re

import pytest
from botocore.exceptions import ClientError

from tests.terraform.conftest import BUCKET, Applied

# MiniStack does not return all that it was given for these, so Terraform gives it again.
FORGOTTEN = {"aws_cloudwatch_metric_alarm", "aws_glue_crawler"}


def test_apply_completes_and_prints_the_variables_and_secrets_of_the_repository(applied: Applied) -> None:
    assert "Apply complete!" in applied.printed
    command = re.compile(r"^gh (?:variable|secret) set (\w+) --repo somebody/spotify-elt --body '(.*)'$", re.MULTILINE)
    assert dict(command.findall(applied.printed)) == {
        "AWS_REGION": "eu-central-1",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/spotify-elt",
        "LAKE_URL": f"s3://{BUCKET}/lake",
        "SPOTIFY_TOKEN_FILE": "ssm:/spotify-elt/token",
    }


def test_a_second_apply_changes_nothing_and_does_not_store_the_token_in_the_state(applied: Applied) -> None:
    applied.as_role("ssm").put_parameter(Name="/spotify-elt/token", Value="a-refresh-token", Overwrite=True)
    again = applied.terraform.must("apply", "-auto-approve", "-input=false")
    assert re.search(r"Resources: 0 added, \d+ changed, 0 destroyed\.", again)
    assert set(re.findall(r"^(\w+)\..*: Modifying", again, re.MULTILINE)) <= FORGOTTEN
    assert "/spotify-elt/token" in applied.terraform.state
    assert "a-refresh-token" not in applied.terraform.state
    kept = applied.as_role("ssm").get_parameter(Name="/spotify-elt/token", WithDecryption=True)["Parameter"]
    assert (kept["Type"], kept["Value"]) == ("SecureString", "a-refresh-token")


def test_a_deleted_object_can_be_restored_and_the_role_cannot_delete_its_old_version(applied: Applied) -> None:
    role, key = applied.as_role("s3"), "lake/spotify/me/deleted.parquet"
    role.put_object(Bucket=BUCKET, Key=key, Body=b"plays")
    role.delete_object(Bucket=BUCKET, Key=key)
    owner = applied.as_owner("s3")
    [version] = owner.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]
    assert owner.get_object(Bucket=BUCKET, Key=key, VersionId=version["VersionId"])["Body"].read() == b"plays"
    with pytest.raises(ClientError, match="AccessDenied"):
        role.delete_object(Bucket=BUCKET, Key=key, VersionId=version["VersionId"])
