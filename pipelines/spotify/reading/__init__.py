"""When to stop reading: one rule a file, each a generator of new rows that leaves its memory in the listing's state."""

from pipelines.spotify.reading.once_a_day import once_a_day
from pipelines.spotify.reading.profile import profile
from pipelines.spotify.reading.read import read
from pipelines.spotify.reading.when_changed import when_changed
from pipelines.spotify.reading.whole import newest_first, whole
from pipelines.spotify.reading.window import window

__all__ = ["newest_first", "once_a_day", "profile", "read", "when_changed", "whole", "window"]
