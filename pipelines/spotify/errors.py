"""What can go wrong with Spotify. RunEnded and ResourceStopped say how far an error reaches."""

from pipelines.http.errors import BrokenPage, BudgetSpent, Locked, NoAnswer, Refused
from pipelines.raw.errors import ResourceStopped, RunEnded

__all__ = [
    "AppRefused",
    "BrokenPage",
    "BudgetSpent",
    "ConsentNeeded",
    "Locked",
    "NoAnswer",
    "NothingRead",
    "Refused",
    "ResourceStopped",
    "RunEnded",
    "Unreachable",
]


class ConsentNeeded(RunEnded):
    """The listener has to log in again. A repeat without a login fails in the same way."""


class AppRefused(RunEnded):
    """The app or its user may not use the Web API: lapsed Premium, a user who is not listed, a wrong client id."""


class Unreachable(RunEnded):
    """Spotify does not answer at the start of a run."""


class NothingRead(RunEnded):
    """The profile is locked, or the call budget is spent. Without the profile the account is unknown."""
