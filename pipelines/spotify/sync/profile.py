"""One object, read in every run."""

from collections.abc import Iterator

from pipelines.raw.changes import Rows
from pipelines.spotify.errors import (
    AppRefused,
    BrokenPage,
    BudgetSpent,
    Locked,
    NothingRead,
    Refused,
    ResourceStopped,
    Unreachable,
)
from pipelines.spotify.rows.objects import Json
from pipelines.spotify.sync.reader import Page, Reading


def profile(reading: Reading) -> Iterator[Rows]:
    """The signed-in user, shown to the lake first: it belongs to one account, so without it nothing else is read."""
    try:
        found = _profile(reading)
    except Refused as error:
        # The profile needs no scope: what refuses it refuses the app or its user.
        raise AppRefused(f"{error}; is this user on the app's list, and is its owner's Premium running?") from None
    except (Locked, BudgetSpent) as error:
        raise NothingRead(str(error)) from None
    except ResourceStopped as error:
        raise Unreachable(f"no answer from the Web API: {error}") from None
    reading.run.admit(found)
    rows, _ = reading.take(Page([found], 0, None, None))
    reading.report.is_whole = True
    yield rows


def _profile(reading: Reading) -> Json:
    found = reading.run.api.get(reading.resource.path)
    if not isinstance(found.get("id"), str):
        raise BrokenPage("a profile without an id")
    return found
