"""What the role of the workflow may do in the account, and who may assume the role. MiniStack's IAM decides."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.simulators.aws.terraform_account import REGION
from tests.terraform.conftest import BUCKET, ROLE, SUBJECTS, UNRELATED, Applied

DENIED = {"403", "AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
RAW, MARTS = {"DatabaseName": "spotify_raw"}, {"DatabaseName": "spotify_marts"}
TOKEN = {"Name": "/spotify-elt/token"}
ANOTHER = {"Name": f"/spotify-elt/{UNRELATED}"}
QUERY = {"QueryString": "select 1", "ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/athena-results/"}}


def is_denied(client: Any, operation: str, parameters: dict[str, Any]) -> bool:
    """Whether IAM denies the call. False if the call fails for another reason: AWS checks the permission first."""
    try:
        getattr(client, operation)(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"] in DENIED
    return False


def at(key: str) -> dict[str, str]:
    return {"Bucket": BUCKET, "Key": key}


IN_LAKE, IN_TABLES, IN_RESULTS = at("lake/a/b"), at("tables/a/b"), at("athena-results/a/b")
ELSEWHERE = at("elsewhere/a/b")

# GetDatabase and GetQueryExecution are not here, because MiniStack checks the first against the ARN of a table and the
# second against no ARN. test_policy.py checks both.
ALLOWED = [
    *[
        ("s3", verb, place)
        for verb in ("put_object", "get_object", "head_object")
        for place in (IN_LAKE, IN_TABLES, IN_RESULTS)
    ],
    *[("s3", "create_multipart_upload", place) for place in (IN_LAKE, IN_TABLES, IN_RESULTS)],
    *[("s3", "delete_object", place) for place in (IN_LAKE, IN_TABLES)],
    ("s3", "delete_objects", {"Bucket": BUCKET, "Delete": {"Objects": [{"Key": "lake/a"}, {"Key": "tables/a"}]}}),
    ("s3", "list_objects_v2", {"Bucket": BUCKET, "Prefix": "lake/spotify/"}),
    ("s3", "head_bucket", {"Bucket": BUCKET}),
    ("s3", "get_bucket_location", {"Bucket": BUCKET}),
    ("glue", "get_databases", {}),
    ("glue", "get_tables", RAW),
    ("glue", "create_table", RAW | {"TableInput": {"Name": "spotify__saved_tracks"}}),
    ("glue", "update_table", RAW | {"TableInput": {"Name": "spotify__saved_tracks"}}),
    ("glue", "get_tables", MARTS),
    ("glue", "create_table", MARTS | {"TableInput": {"Name": "made"}}),
    ("glue", "update_table", MARTS | {"TableInput": {"Name": "made"}}),
    ("glue", "get_table", MARTS | {"Name": "made"}),
    ("glue", "get_partitions", MARTS | {"TableName": "made"}),
    ("glue", "batch_create_partition", MARTS | {"TableName": "made", "PartitionInputList": []}),
    ("glue", "delete_table", MARTS | {"Name": "made"}),
    *[
        ("glue", "get_partitions", {"DatabaseName": f"spotify_{layer}", "TableName": "made"})
        for layer in ("raw", "staging", "intermediate")
    ],
    ("athena", "get_work_group", {"WorkGroup": "spotify-elt"}),
    ("athena", "start_query_execution", QUERY | {"WorkGroup": "spotify-elt"}),
    ("ssm", "get_parameter", TOKEN | {"WithDecryption": True}),
    ("ssm", "put_parameter", TOKEN | {"Value": "{}", "Overwrite": True}),
    ("sts", "get_caller_identity", {}),
]

REFUSED = [
    *[("s3", verb, ELSEWHERE) for verb in ("put_object", "get_object", "head_object", "delete_object")],
    *[("s3", verb, at("lake")) for verb in ("put_object", "delete_object")],
    ("s3", "delete_object", IN_RESULTS),
    ("s3", "put_object_acl", IN_LAKE | {"ACL": "public-read"}),
    *[("s3", verb, IN_LAKE | {"Bucket": UNRELATED}) for verb in ("put_object", "get_object", "delete_object")],
    ("s3", "list_objects_v2", {"Bucket": UNRELATED}),
    ("s3", "list_object_versions", {"Bucket": BUCKET}),
    ("s3", "list_buckets", {}),
    ("s3", "create_bucket", {"Bucket": "a-new-one", "CreateBucketConfiguration": {"LocationConstraint": REGION}}),
    ("s3", "delete_bucket", {"Bucket": BUCKET}),
    ("s3", "get_bucket_policy", {"Bucket": BUCKET}),
    ("s3", "delete_bucket_policy", {"Bucket": BUCKET}),
    ("s3", "delete_public_access_block", {"Bucket": BUCKET}),
    ("s3", "put_bucket_versioning", {"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Suspended"}}),
    ("glue", "create_database", {"DatabaseInput": {"Name": "a_new_one"}}),
    ("glue", "delete_database", {"Name": "spotify_marts"}),
    ("glue", "delete_table", RAW | {"Name": "made"}),
    ("glue", "get_tables", {"DatabaseName": "default"}),
    ("glue", "get_tables", {"DatabaseName": UNRELATED}),
    ("glue", "create_table", {"DatabaseName": UNRELATED, "TableInput": {"Name": "made"}}),
    ("glue", "delete_table", {"DatabaseName": UNRELATED, "Name": "made"}),
    ("athena", "start_query_execution", QUERY | {"WorkGroup": "primary"}),
    ("athena", "get_work_group", {"WorkGroup": "primary"}),
    (
        "athena",
        "update_work_group",
        {"WorkGroup": "spotify-elt", "ConfigurationUpdates": {"RemoveBytesScannedCutoffPerQuery": True}},
    ),
    ("athena", "delete_work_group", {"WorkGroup": "spotify-elt"}),
    ("athena", "list_work_groups", {}),
    ("ssm", "get_parameter", ANOTHER),
    ("ssm", "put_parameter", ANOTHER | {"Value": "x", "Type": "String"}),
    ("ssm", "delete_parameter", TOKEN),
    ("ssm", "get_parameters_by_path", {"Path": "/spotify-elt"}),
    ("iam", "get_role", {"RoleName": ROLE}),
    ("iam", "put_role_policy", {"RoleName": ROLE, "PolicyName": "more", "PolicyDocument": "{}"}),
    ("iam", "create_user", {"UserName": "somebody"}),
    ("sts", "assume_role", {"RoleArn": f"arn:aws:iam::123456789012:role/{ROLE}", "RoleSessionName": "again"}),
    ("kms", "list_keys", {}),
    ("secretsmanager", "list_secrets", {}),
    ("lambda", "list_functions", {}),
    ("ec2", "describe_instances", {}),
]


def describe(case: tuple[str, str, dict[str, Any]]) -> str:
    service, operation, parameters = case
    words = [str(value) for value in parameters.values() if isinstance(value, str)]
    return " ".join([service, operation, *words])


@pytest.mark.parametrize("case", ALLOWED, ids=describe)
def test_the_role_may(applied: Applied, case: tuple[str, str, dict[str, Any]]) -> None:
    service, operation, parameters = case
    assert not is_denied(applied.as_role(service), operation, parameters)


@pytest.mark.parametrize("case", REFUSED, ids=describe)
def test_the_role_may_not(applied: Applied, case: tuple[str, str, dict[str, Any]]) -> None:
    service, operation, parameters = case
    assert is_denied(applied.as_role(service), operation, parameters)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_job_of_the_default_branch_gets_the_role(applied: Applied, subject: str) -> None:
    assert applied.account.assume(ROLE, subject)["AWS_SESSION_TOKEN"]


@pytest.mark.parametrize(
    "subject",
    [
        "repo:stranger/spotify-elt:ref:refs/heads/main",
        "repo:somebody/another:ref:refs/heads/main",
        "repo:somebody@1002/spotify-elt@2002:ref:refs/heads/main",
        "repo:somebody@1001/spotify-elt@2003:ref:refs/heads/main",
        "repo:somebody@1001/spotify-elt@2002:ref:refs/heads/mine",
        "repo:somebody@1001/spotify-elt@2002:ref:refs/tags/main",
        "repo:somebody/spotify-elt:ref:refs/heads/main-2",
        "repo:somebody/spotify-elt:environment:production",
        "repo:somebody/spotify-elt:pull_request",
        "repo:somebody@1001/spotify-elt@2002:pull_request",
        "repo:somebody/*:ref:refs/heads/main",
    ],
)
def test_any_other_subject_is_refused(applied: Applied, subject: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        applied.account.assume(ROLE, subject)


def test_a_token_for_another_audience_is_refused(applied: Applied) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        applied.account.assume(ROLE, SUBJECTS[0], audience="https://github.com/somebody")


def test_the_role_cannot_use_plain_http(applied: Applied) -> None:
    plain = applied.as_role("s3", url=applied.account.plain_url)
    assert is_denied(plain, "put_object", IN_LAKE)
    assert not is_denied(applied.as_role("s3"), "put_object", IN_LAKE)
