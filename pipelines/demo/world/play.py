"""One play: everything that happened, whoever tells of it."""

from typing import NamedTuple

from pipelines.demo.world.clock import moment

END_KNOWN_FROM = moment("2022-10-15T00:00:00Z")
"""From this moment on, an export gives the end of a play. Before it, the time at which Spotify heard of the play."""

SHORT_MS = 30_000


class Play(NamedTuple):
    """From `started_at` to `ended_at` a play was open, and its sound was heard for `ms_played`; the rest is a pause.

    `kind` is track, episode, chapter, local (a file of the listener) or nameless. `item` is a number of that kind.
    Spotify hears of the play at `uploaded_at`. From then on recently played shows it, if it `is_shown` at all.
    `clock_ahead_ms` is the error of the device's clock, which writes the start.
    """

    started_at: int
    ended_at: int
    ms_played: int
    kind: str
    item: int
    uploaded_at: int
    is_shown: bool = False
    context: tuple[str, int] | None = None
    reason_start: str = "trackdone"
    reason_end: str = "trackdone"
    device: int = 0
    is_shuffled: bool = False
    is_skipped: bool = False
    is_offline: bool = False
    is_private: bool = False
    is_video: bool = False
    clock_ahead_ms: int = 0

    @property
    def is_short(self) -> bool:
        """It was heard for less than 30 seconds."""
        return self.ms_played < SHORT_MS

    @property
    def paused_ms(self) -> int:
        """Negative when `ms_played` is longer than the play was open: a remote device says that it played it all."""
        return self.ended_at - self.started_at - self.ms_played
