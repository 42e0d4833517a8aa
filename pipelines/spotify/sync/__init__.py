"""When to stop reading: one rule a file, each a generator of new rows that leaves its memory in the listing's state."""

from pipelines.spotify.sync.daily_snapshot import once_a_day
from pipelines.spotify.sync.per_parent import when_changed
from pipelines.spotify.sync.profile import profile
from pipelines.spotify.sync.recent_window import window
from pipelines.spotify.sync.run import read
from pipelines.spotify.sync.whole_list import newest_first, whole

__all__ = ["newest_first", "once_a_day", "profile", "read", "when_changed", "whole", "window"]
