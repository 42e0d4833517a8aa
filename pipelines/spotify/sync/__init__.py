"""When to stop reading: one strategy per file. Each is a generator of new rows and keeps its cursors in dlt's state."""

from pipelines.spotify.sync.daily_snapshot import daily_snapshot
from pipelines.spotify.sync.per_parent import per_parent
from pipelines.spotify.sync.profile import profile
from pipelines.spotify.sync.recent_window import recent_window
from pipelines.spotify.sync.whole_list import newest_first, whole_list

__all__ = ["daily_snapshot", "newest_first", "per_parent", "profile", "recent_window", "whole_list"]
