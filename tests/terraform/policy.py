"""Reads the permissions of an IAM identity policy. Supports only the parts of the language that our policy uses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.terraform.calls import Permission


class NotSupported(Exception):
    """The policy uses a part of the language that this module does not support."""


def grants(policy: Mapping[str, Any]) -> Iterator[Permission]:
    """Each allowed action with each of its resources. Both may contain * and ?. Raises NotSupported."""
    for statement in policy["Statement"]:
        if unknown := set(statement) - {"Sid", "Effect", "Action", "Resource"}:
            raise NotSupported(f"{statement.get('Sid')}: {', '.join(sorted(unknown))}")
        if statement["Effect"] != "Allow":
            raise NotSupported(f"{statement.get('Sid')}: {statement['Effect']}")
        for action in _as_list(statement["Action"]):
            for resource in _as_list(statement["Resource"]):
                yield Permission(action, resource)


def covers(grant: Permission, needed: Permission) -> bool:
    """Whether the grant allows the needed permission. IAM ignores the case of actions, but not of resources."""
    action = _pattern(grant.action, re.IGNORECASE).fullmatch(needed.action)
    return bool(action and _pattern(grant.resource, re.NOFLAG).fullmatch(needed.resource))


def _pattern(text: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), flags | re.DOTALL)


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
