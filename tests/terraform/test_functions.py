"""The role of each function allows the calls of its step, and nothing else. The chain shows that they suffice."""

import json
from typing import Any

import pytest

from orchestration.aws_lambda import marker
from pipelines.lake import manifest
from pipelines.sources import SOURCES
from tests.simulators.aws.terraform_account import NUMBER, REGION
from tests.terraform.calls import Permission
from tests.terraform.conftest import BUCKET, ROLE, Applied
from tests.terraform.policy import covers, grants
from tests.terraform.test_policy import NOT_RECORDED, RECORDED

S3 = "arn:aws:s3:::BUCKET"
# What a build writes into the lake: its lock, its records, and the records of loads that a repair adds.
RECORDS = (
    f"{S3}/lake/.lock",
    f"{S3}/lake/{manifest.LAST_BUILD}",
    f"{S3}/lake/{manifest.TOLD['build']}",
    *(f"{S3}/lake/{source.name}/_dlt_loads/*" for source in SOURCES),
)


def around(name: str) -> list[Permission]:
    """The calls that Lambda and the handler make around a step."""
    place = f"{REGION}:{NUMBER}"
    log = f"arn:aws:logs:{place}:log-group:/aws/lambda/{ROLE}-{name}:*"
    return [
        Permission("logs:CreateLogStream", log),
        Permission("logs:PutLogEvents", log),
        Permission("sqs:SendMessage", f"arn:aws:sqs:{place}:{ROLE}-{name}-dead-letters"),
        Permission("sns:Publish", f"arn:aws:sns:{place}:{ROLE}-alerts"),
    ]


def of_extract() -> list[Permission]:
    """A load: the recorded calls to the lake and to the token; and the marker."""
    calls = [
        one
        for one in RECORDED + NOT_RECORDED
        if one.action.startswith("ssm:") or one.resource == S3 or one.resource.startswith(f"{S3}/lake/")
    ]
    return [*calls, Permission("s3:PutObject", f"{S3}/{marker.NAME}"), *around("extract")]


def of_transform() -> list[Permission]:
    """A build: the recorded calls to Glue, Athena and tables; the lake for reading; and the records."""
    calls = [
        one
        for one in RECORDED + NOT_RECORDED
        if one.action.startswith(("glue:", "athena:"))
        or one.resource == S3
        or one.resource.startswith((f"{S3}/tables/", f"{S3}/athena-results/"))
        or (one.action == "s3:GetObject" and one.resource.startswith(f"{S3}/lake/"))
    ]
    return [
        *calls,
        *(Permission("s3:PutObject", record) for record in RECORDS),
        Permission("s3:DeleteObject", RECORDS[0]),
        Permission("s3:GetObject", f"{S3}/{marker.NAME}"),
        *around("transform"),
    ]


NEEDED = {"extract": of_extract(), "transform": of_transform()}


@pytest.fixture(scope="module")
def granted(applied: Applied) -> dict[str, list[Permission]]:
    """The permissions of each role in IAM, with BUCKET in place of the name of the bucket."""
    found = {}
    for name in NEEDED:
        policy: Any = applied.as_owner("iam").get_role_policy(RoleName=f"{ROLE}-{name}", PolicyName="run")
        document = policy["PolicyDocument"]
        document = json.loads(document) if isinstance(document, str) else document
        own = f"arn:aws:s3:::{BUCKET}"
        found[name] = [Permission(action, resource.replace(own, S3)) for action, resource in grants(document)]
    return found


@pytest.mark.parametrize("name", NEEDED)
def test_the_role_allows_every_call_of_its_function(granted: dict[str, list[Permission]], name: str) -> None:
    assert [call for call in NEEDED[name] if not any(covers(grant, call) for grant in granted[name])] == []


@pytest.mark.parametrize("name", NEEDED)
def test_the_role_allows_nothing_that_its_function_does_not_call(
    granted: dict[str, list[Permission]], name: str
) -> None:
    assert [grant for grant in granted[name] if not any(covers(grant, call) for call in NEEDED[name])] == []


def test_neither_role_has_the_rights_of_the_other(granted: dict[str, list[Permission]]) -> None:
    assert not [grant for grant in granted["extract"] if grant.action.startswith(("glue:", "athena:"))]
    assert not [grant for grant in granted["transform"] if grant.action.startswith("ssm:")]


def test_a_role_is_for_lambda_alone(applied: Applied) -> None:
    iam = applied.as_owner("iam")
    for name in NEEDED:
        trust = iam.get_role(RoleName=f"{ROLE}-{name}")["Role"]["AssumeRolePolicyDocument"]
        trust = json.loads(trust) if isinstance(trust, str) else trust
        assert [one["Principal"] for one in trust["Statement"]] == [{"Service": "lambda.amazonaws.com"}]


def test_the_marker_of_the_program_is_that_of_the_rule(applied: Applied) -> None:
    rule = applied.as_owner("events").describe_rule(Name=f"{ROLE}-new-rows")
    assert json.loads(rule["EventPattern"])["detail"]["object"] == {"key": [marker.NAME]}
