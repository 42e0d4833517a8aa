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
    "app_refused",
]

DASHBOARD = "developer.spotify.com/dashboard"


class ConsentNeeded(RunEnded):
    """The listener has to log in again. A repeat without a login fails in the same way."""


class AppRefused(RunEnded):
    """The app or its user may not use the Web API. The message names the cause that Spotify gives."""


class Unreachable(RunEnded):
    """Spotify does not answer at the start of a run."""


class NothingRead(RunEnded):
    """The profile is locked, or the call budget is spent. Without the profile the account is unknown."""


def app_refused(said: str) -> AppRefused:
    """The error for a refusal of the app or its user, from the words of Spotify's 403.

    The words change, so only one word of each is looked for. Other words are passed on without a guess.
    """
    words = said.lower()
    if "premium" in words:
        cause = "the owner of the app has no active Premium"
        step = "renew it, wait until Spotify knows of it, and run again"
    elif "regist" in words:
        cause = "the app does not list this Spotify user"
        step = f"add the user's name and e-mail address at {DASHBOARD} (the app, User Management), and run again"
    else:
        cause, step = "Spotify refuses the app or its user", f"look at the page of the app at {DASHBOARD}"
    return AppRefused(f"{cause} (Spotify says: {said}); {step}")
