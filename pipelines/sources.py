"""The registry of sources. No other file lists them: a new source is a folder beside `spotify/` and a line here."""

from pipelines.lake.source import Source
from pipelines.spotify.lake_source import SPOTIFY
from pipelines.streaming_history.lake_source import STREAMING_HISTORY

SOURCES: tuple[Source, ...] = (SPOTIFY, STREAMING_HISTORY)
