"""The profile of the signed-in user. A run and a login read it first: it shows whether the account can be used."""

from typing import TYPE_CHECKING, Any

from pipelines.raw.values import fit_text
from pipelines.spotify.errors import (
    AppRefused,
    BudgetSpent,
    Locked,
    NothingRead,
    Refused,
    ResourceStopped,
    Unreachable,
    app_refused,
)

if TYPE_CHECKING:
    from pipelines.spotify.client import SpotifyClient


def account_ids(profile: dict[str, Any]) -> list[str]:
    """The ids under which Spotify knows the account. A profile has one or two."""
    return [profile[name] for name in ("id", "account_id") if fit_text(profile.get(name))]


def read_profile(api: "SpotifyClient") -> dict[str, Any]:
    """`GET /me`, one request, counted for the resource `me`.

    Raises RunEnded: AppRefused, ConsentNeeded, NothingRead, or Unreachable.
    """
    try:
        found = api.get("me", resource="me")
    except Refused as error:
        # The profile needs no scope, so a 403 is about the app or its user.
        raise app_refused(str(error)) if error.status == 403 else AppRefused(f"no profile: {error}") from None
    except (Locked, BudgetSpent) as error:
        raise NothingRead(str(error)) from None
    except ResourceStopped as error:
        raise Unreachable(f"no answer from the Web API: {error}") from None
    if not fit_text(found.get("id")):
        raise Unreachable("no answer from the Web API: a profile without an id")
    return found
