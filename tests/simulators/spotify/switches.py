"""What tests may switch in a demo server."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.demo.server import Application
from pipelines.demo.world.world import window

Json = dict[str, Any]

HIDDEN_EVERY = 30


@dataclass
class Switches:
    """The switches of a demo server, with their values at its start."""

    mode: str = "development"
    """`development` or `extended` quota."""
    premium: bool = True
    """False: the premium of the app's owner has ended. Every call is answered with 403 in plain text."""
    listed_user: bool = True
    """False: the listener is not among the app's users. Every call is answered with 403."""
    rotation: bool = False
    """True: every refresh gives a new refresh token and revokes the old one."""
    omit_refresh_token: bool = False
    """True: the token endpoint gives no refresh token."""
    granted_scope: str | None = None
    """The scopes that are granted at most, by old consents too. None grants all requested scopes."""
    deny: bool = False
    """True: /authorize redirects with `error=access_denied`."""
    users_path_in_next: bool = False
    """True: pages of /me/playlists name /users/{id}/playlists in `href`, `next` and `previous`."""
    short_pages: bool = False
    """True: pages are shorter than `limit`, because `total` counts rows that no page has."""
    latency_ms: float = 0
    """How long every answer takes."""

    def change(self, body: Json, server: Application) -> None:
        """Set switches by name. Raises ValueError for an unknown name or mode."""
        if unknown := body.keys() - asdict(self).keys():
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        if body.get("mode", "extended") not in ("development", "extended"):
            raise ValueError("mode is development or extended")
        vars(self).update(body)
        server.world.extended = self.mode == "extended"
        server.world.window = with_hidden if self.short_pages else window
        server.grants.rotation = self.rotation
        server.grants.scope_limit = None if self.granted_scope is None else set(self.granted_scope.split())


def with_hidden(rows: Sequence[Any], offset: int, limit: int) -> tuple[list[Any], int]:
    """A page where one hidden row follows every thirtieth. The total counts the hidden rows."""
    step = HIDDEN_EVERY + 1
    places = range(offset, offset + limit)
    numbers = [place - place // step for place in places if place % step != HIDDEN_EVERY]
    return [rows[number] for number in numbers if number < len(rows)], len(rows) + len(rows) // HIDDEN_EVERY
