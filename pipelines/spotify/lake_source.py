"""The Spotify account as a source of the lake."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.lake.source import LoadContext, Source
from pipelines.spotify.resources import RESOURCES
from pipelines.spotify.tables import TABLES

if TYPE_CHECKING:
    from pipelines.spotify.open_account import OpenSpotify

# Spotify keeps 50 plays and everything else for longer.
FIRST = ("me", "recently_played")


@contextmanager
def _open(context: LoadContext) -> Iterator["OpenSpotify"]:
    from pipelines.spotify.open_account import OpenSpotify  # needs the HTTP client, and a build knows only the tables

    yield OpenSpotify(context, FIRST)


SPOTIFY = Source(
    "spotify",
    "Rows that Spotify's Web API sent, as the lake holds them; append-only.",
    TABLES,
    tuple(resource.name for resource in RESOURCES),
    needs_account=True,
    open=_open,
    first=FIRST,
)
