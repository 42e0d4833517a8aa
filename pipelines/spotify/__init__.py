"""A Spotify account as a dlt source: `from pipelines.spotify import spotify`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.spotify.source import spotify

__all__ = ["spotify"]


def __getattr__(name: str) -> Any:
    # Importing dlt takes half a second. Code that needs only the tables or the login does not import it.
    if name == "spotify":
        from pipelines.spotify.source import spotify

        return spotify
    raise AttributeError(name)
