"""What can go wrong with Spotify, by how far it reaches: the whole run, one listing, or one more try."""


class RunEnded(Exception):
    """Nothing more can be read in this run; what was read so far is kept."""


class ConsentNeeded(RunEnded):
    """The listener has to log in again; asking again by itself changes nothing."""


class AppRefused(RunEnded):
    """The app or its user may not use the Web API: lapsed Premium, user not on the app's list, wrong client id."""


class Unreachable(RunEnded):
    """No answer from Spotify at the very start of a run."""


class NothingRead(RunEnded):
    """The profile is locked or over the budget: whose account it is cannot be told, so nothing is read."""


class ResourceStopped(Exception):
    """One listing ends here; the others go on."""


class Locked(ResourceStopped):
    """An endpoint group refuses calls for `seconds`, or for a time that it does not tell (None)."""

    def __init__(self, message: str, seconds: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class BudgetSpent(ResourceStopped):
    """MAX_CALLS requests were made."""


class Refused(ResourceStopped):
    """Spotify answers this address with a 4xx that no repeat will change."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NoAnswer(ResourceStopped):
    """Server errors, broken bodies or time-outs, more often than the bounded tries allow."""


class BrokenPage(ResourceStopped):
    """An answer that is JSON but not the page that was asked for."""
