"""The developer account's quota: one budget per group of endpoints, shared by all of its client ids.

Neither sizes nor groups are published. The groups here follow what was reported: a lock on saved tracks, on an
artist's albums or on playlist items left all else open. Without a budget a group is never locked.
"""

import re
from dataclasses import dataclass, field

from pipelines.demo.clock import SECOND
from pipelines.demo.refusal import Refusal

GROUPS = (
    ("saved-tracks", r"/v1/me/tracks"),
    ("top", r"/v1/me/top/.*"),
    ("player", r"/v1/me/player.*"),
    ("following", r"/v1/me/following"),
    ("playlist-items", r"/v1/playlists/.*"),
    ("playlists", r"/v1/(me|users/[^/]+)/playlists"),
    ("library", r"/v1/me/.+"),
    ("artist-albums", r"/v1/artists/[^/]+/albums"),
    ("search", r"/v1/search"),
    ("profile", r"/v1/me"),
    ("catalogue", r"/v1/.*"),
)


@dataclass
class Budget:
    """`calls` left before a lock of `retry_after_s`; `header` False leaves out Retry-After."""

    calls: int
    retry_after_s: int = 86_400
    header: bool = True
    locked_until: int | None = None


@dataclass
class Quota:
    """The budgets that a test has set."""

    budgets: dict[str, Budget] = field(default_factory=dict)

    def spend(self, path: str, now: int) -> None:
        """One call; raises the quota's 429 from the call after the last until the lock is over by the clock."""
        budget = self.budgets.get(group_of(path))
        if budget is None:
            return
        if budget.calls > 0:
            budget.calls -= 1
            return
        if budget.locked_until is None:
            budget.locked_until = now + budget.retry_after_s * SECOND
        left = -(-(budget.locked_until - now) // SECOND)
        if left <= 0:
            del self.budgets[group_of(path)]
            return
        headers = {"Retry-After": str(left)} if budget.header else None
        raise Refusal(429, "Too many requests", "QUOTA_EXCEEDED", headers)


def group_of(path: str) -> str:
    """The group whose budget a call counts against."""
    return next(name for name, pattern in GROUPS if re.fullmatch(pattern, path))
