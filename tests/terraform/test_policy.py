"""The role's policy against the record of calls: all of them are allowed, and nothing that none of them needs.

`calls.json` holds two lists. `made` is what `recorder.py` heard of runs. `not_heard` is what no client here sends: what
Athena does with the rights of who asks, and what only an account gives occasion for; each says why.
"""

import json
from pathlib import Path

import pytest

from tests.terraform.calls import Permission
from tests.terraform.conftest import BUCKET, Applied
from tests.terraform.policy import NotUnderstood, covers, grants

RECORD = json.loads((Path(__file__).parent / "calls.json").read_text())
MADE = [Permission(one["action"], one["resource"]) for one in RECORD["made"]]
NOT_HEARD = [Permission(one["action"], one["resource"]) for one in RECORD["not_heard"]]


@pytest.fixture(scope="module")
def granted(applied: Applied) -> list[Permission]:
    """What IAM holds for the role, with the bucket's name made general."""
    own = f"arn:aws:s3:::{BUCKET}"
    return [
        Permission(action, resource.replace(own, "arn:aws:s3:::BUCKET")) for action, resource in grants(applied.policy)
    ]


@pytest.mark.parametrize("call", MADE + NOT_HEARD, ids=" ".join)
def test_a_call_of_the_run_is_allowed(granted: list[Permission], call: Permission) -> None:
    assert any(covers(grant, call) for grant in granted)


def test_nothing_is_allowed_that_no_call_needs(granted: list[Permission]) -> None:
    assert granted
    assert [grant for grant in granted if not any(covers(grant, call) for call in MADE + NOT_HEARD)] == []


def test_no_action_is_a_pattern_and_no_resource_more_than_a_folder(granted: list[Permission]) -> None:
    assert not [grant for grant in granted if set("*?") & set(grant.action + grant.resource.removesuffix("/*"))]


@pytest.mark.parametrize("part", ["made", "not_heard"])
def test_the_record_is_in_order_and_says_nothing_twice(part: str) -> None:
    calls = [(one["action"], one["resource"]) for one in RECORD[part]]
    assert calls == sorted(set(calls))


def test_what_was_not_heard_has_a_reason_and_is_not_in_both_lists() -> None:
    assert all(one["why"].strip() for one in RECORD["not_heard"])
    assert not set(MADE) & set(NOT_HEARD)


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
def test_a_grant_is_read_as_iam_reads_it(action: str, resource: str, expected: bool) -> None:
    grant = Permission("s3:GetObject", "arn:aws:s3:::b/lake/*")
    assert covers(grant, Permission(action, resource)) is expected


@pytest.mark.parametrize("part", [{"Effect": "Deny"}, {"Condition": {}}, {"NotAction": "s3:*"}, {"NotResource": "*"}])
def test_a_part_of_the_language_that_is_not_read_gives_no_answer(part: dict[str, object]) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | part
    with pytest.raises(NotUnderstood):
        list(grants({"Statement": [statement]}))
