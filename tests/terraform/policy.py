"""What an identity policy allows, as IAM reads it, for the part of the language that ours uses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.terraform.calls import Permission

Statement = Mapping[str, Any]


class NotUnderstood(Exception):
    """The policy uses a part of the language that is not read here; an answer would be a guess."""


def grants(policy: Mapping[str, Any]) -> Iterator[Permission]:
    """Each action with each resource that it is allowed on; both may hold * and ?."""
    for statement in policy["Statement"]:
        if unread := set(statement) - {"Sid", "Effect", "Action", "Resource"}:
            raise NotUnderstood(f"{statement.get('Sid')}: {', '.join(sorted(unread))}")
        if statement["Effect"] != "Allow":
            raise NotUnderstood(f"{statement.get('Sid')}: {statement['Effect']}")
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield Permission(action, resource)


def covers(grant: Permission, asked: Permission) -> bool:
    """Actions are compared without regard to case, resources with it."""
    action = _pattern(grant.action, re.IGNORECASE).fullmatch(asked.action)
    return bool(action and _pattern(grant.resource, re.NOFLAG).fullmatch(asked.resource))


def _pattern(text: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), flags | re.DOTALL)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
