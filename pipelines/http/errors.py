"""Why a service that is read over HTTP stops one resource."""

from pipelines.raw.errors import ResourceStopped


class Locked(ResourceStopped):
    """The service refuses calls to a group of endpoints. `seconds` is the wait that the service asks for, or None."""

    def __init__(self, message: str, seconds: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class BudgetSpent(ResourceStopped):
    """The run has made as many requests as it may."""


class Refused(ResourceStopped):
    """The service answers with a 4xx status, and a repeat would not change that."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NoAnswer(ResourceStopped):
    """Each allowed attempt ended in a server error, a broken body or a timeout."""


class BrokenPage(ResourceStopped):
    """The answer is JSON, but not the page that was requested."""
