"""The quota of the app: a number of calls for each group of routes.

Spotify publishes neither the groups nor the numbers. The groups here follow reports: after too many calls of saved
tracks or of playlist items, all other routes still answered. A group without a budget is never locked.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.world.clock import SECOND

Json = dict[str, Any]

GROUPS = (
    ("saved-tracks", r"/v1/me/tracks"),
    ("top", r"/v1/me/top/.*"),
    ("player", r"/v1/me/player.*"),
    ("following", r"/v1/me/following"),
    ("playlist-items", r"/v1/playlists/.*"),
    ("playlists", r"/v1/(me|users/[^/]+)/playlists"),
    ("library", r"/v1/me/.+"),
    ("profile", r"/v1/me"),
    ("catalogue", r"/v1/.*"),
)


@dataclass
class Budget:
    """`calls` are left before a lock of `retry_after_s`. Without `header` the answer has no Retry-After."""

    calls: int
    retry_after_s: int = 86_400
    header: bool = True
    locked_until: int | None = None


@dataclass
class Quota:
    """The budgets that a test has set, by group."""

    budgets: dict[str, Budget] = field(default_factory=dict)

    def limit(self, body: Json) -> Json:
        """Set the budget of a group. Raises ValueError for an unknown group."""
        if body["group"] not in dict(GROUPS):
            raise ValueError(f"no such group: {body['group']}")
        self.budgets[body["group"]] = Budget(**{key: value for key, value in body.items() if key != "group"})
        return {}

    def spend(self, path: str, now: int) -> tuple[int, dict[str, str], bytes] | None:
        """Count a call. Returns status, headers and body of a refusal while the group is locked."""
        group = next(name for name, pattern in GROUPS if re.fullmatch(pattern, path))
        budget = self.budgets.get(group)
        if budget is None:
            return None
        if budget.calls > 0:
            budget.calls -= 1
            return None
        if budget.locked_until is None:
            budget.locked_until = now + budget.retry_after_s * SECOND
        left = -(-(budget.locked_until - now) // SECOND)
        if left <= 0:
            del self.budgets[group]
            return None
        headers = {"content-type": "application/json"} | ({"retry-after": str(left)} if budget.header else {})
        error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
        return 429, headers, json.dumps({"error": error}).encode()
