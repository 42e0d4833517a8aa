"""The policy of the role allows every call in calls.json, and nothing else.

calls.json has two lists. `recorded` holds the permissions that recorder.py recorded while the program ran.
`not_recorded` holds permissions that a run on AWS needs and a run of the tests does not use, each with its reason: most
are for calls that Athena makes itself with the permissions of its caller.
"""

import json
from pathlib import Path

import pytest

from tests.terraform.calls import Permission
from tests.terraform.conftest import BUCKET, Applied
from tests.terraform.policy import NotSupported, covers, grants

CALLS = json.loads((Path(__file__).parent / "calls.json").read_text())
RECORDED = [Permission(one["action"], one["resource"]) for one in CALLS["recorded"]]
NOT_RECORDED = [Permission(one["action"], one["resource"]) for one in CALLS["not_recorded"]]


@pytest.fixture(scope="module")
def granted(applied: Applied) -> list[Permission]:
    """The permissions of the role in IAM, with BUCKET in place of the name of the bucket."""
    own = f"arn:aws:s3:::{BUCKET}"
    return [
        Permission(action, resource.replace(own, "arn:aws:s3:::BUCKET")) for action, resource in grants(applied.policy)
    ]


@pytest.mark.parametrize("call", RECORDED + NOT_RECORDED, ids=" ".join)
def test_the_policy_allows_a_call_of_a_run(granted: list[Permission], call: Permission) -> None:
    assert any(covers(grant, call) for grant in granted)


def test_the_policy_allows_nothing_that_no_call_needs(granted: list[Permission]) -> None:
    assert granted
    assert [grant for grant in granted if not any(covers(grant, call) for call in RECORDED + NOT_RECORDED)] == []


def test_no_action_has_a_wildcard_and_a_resource_only_at_the_end_of_a_folder(granted: list[Permission]) -> None:
    assert not [grant for grant in granted if set("*?") & set(grant.action + grant.resource.removesuffix("/*"))]


@pytest.mark.parametrize("name", ["recorded", "not_recorded"])
def test_each_list_of_calls_is_sorted_and_has_no_duplicates(name: str) -> None:
    calls = [(one["action"], one["resource"]) for one in CALLS[name]]
    assert calls == sorted(set(calls))


def test_a_call_that_was_not_recorded_has_a_reason_and_is_not_in_both_lists() -> None:
    assert all(one["why"].strip() for one in CALLS["not_recorded"])
    assert not set(RECORDED) & set(NOT_RECORDED)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/lake/x", True),
        ("S3:getobject", "arn:aws:s3:::b/lake/x/y", True),
        ("s3:GetObject", "arn:aws:s3:::b/Lake/x", False),
        ("s3:GetObject", "arn:aws:s3:::b/lake", False),
        ("s3:GetObject", "arn:aws:s3:::b/lakes/x", False),
        ("s3:GetObject", "arn:aws:s3:::another/lake/x", False),
        ("s3:GetObjectVersion", "arn:aws:s3:::b/lake/x", False),
    ],
)
def test_a_grant_covers_the_same_calls_as_in_iam(action: str, resource: str, expected: bool) -> None:
    grant = Permission("s3:GetObject", "arn:aws:s3:::b/lake/*")
    assert covers(grant, Permission(action, resource)) is expected


@pytest.mark.parametrize("part", [{"Effect": "Deny"}, {"Condition": {}}, {"NotAction": "s3:*"}, {"NotResource": "*"}])
def test_a_policy_with_unsupported_parts_is_an_error(part: dict[str, object]) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | part
    with pytest.raises(NotSupported):
        list(grants({"Statement": [statement]}))
