"""Plays that recently played does not show. They lie in the free time between the plays that it shows.

The shares follow real histories: 13 to 17 % of the plays of 30 seconds or more are not shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from pipelines.demo.world.catalogue import TRACKS_PER_ARTIST, Catalogue
from pipelines.demo.world.chance import pick, skewed
from pipelines.demo.world.clock import FIRST_DAY, HOUR, MINUTE, SECOND
from pipelines.demo.world.play import SHORT_MS, Play
from pipelines.demo.world.spoken import AUDIOBOOKS, SHOWS, Spoken

REMOTE_PLAYS_MS = 6 * SECOND


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Nothing is shown from `start` to `until`. `next_track` follows; `artists` are the favourites of the day."""

    start: int
    until: int
    next_track: int
    artists: list[int]


class Unshown:
    """Groups of plays that recently played does not show."""

    def __init__(self, catalogue: Catalogue, spoken: Spoken) -> None:
        self.catalogue = catalogue
        self.spoken = spoken

    def group(self, draw: Random, free: FreeTime) -> list[Play]:
        """What fills some of the free time: nothing, or plays one after the other."""
        kind = pick(draw, GROUPS)
        if kind is None:
            return []
        found: list[Play] = []
        at = free.start + draw.randrange(SECOND, 20 * SECOND)
        for play in kind(self, draw, free):
            length = play.ended_at - play.started_at
            if at + length >= free.until:
                break
            found.append(play._replace(started_at=at, ended_at=at + length))
            at += length + draw.randrange(1, 1500)
        return found

    def track(self, draw: Random, free: FreeTime) -> int:
        """A track of a favourite artist. One in four is the track that is shown next."""
        if draw.random() < 0.25:
            return free.next_track
        return pick(draw, free.artists) * TRACKS_PER_ARTIST + skewed(draw, TRACKS_PER_ARTIST, 2)

    def skips(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        for number in range(draw.randrange(1, 6)):
            ms = int(SHORT_MS * draw.random() ** 2) if draw.random() > 0.1 else 0
            start = "fwdbtn" if number else pick(draw, ("clickrow", "appload", "playbtn"))
            yield heard("track", self.track(draw, free), ms, reason_start=start, reason_end="fwdbtn", is_skipped=True)

    def whole(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        for _ in range(draw.randrange(1, 3)):
            track = self.track(draw, free)
            yield heard("track", track, self.catalogue.duration_ms(track))

    def private(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        for _ in range(draw.randrange(2, 7)):
            track = self.track(draw, free)
            yield heard("track", track, self.catalogue.duration_ms(track), is_private=True, is_shuffled=True)

    def left(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        track = self.track(draw, free)
        ms = draw.randrange(SHORT_MS, self.catalogue.duration_ms(track))
        yield heard("track", track, ms, reason_start="clickrow", reason_end="endplay", is_skipped=draw.random() < 0.5)

    def podcast(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        show = draw.randrange(SHOWS)
        day = free.start // (24 * HOUR)
        out = self.spoken.episodes_of(show, day) or self.spoken.episodes_of(show, FIRST_DAY)
        length = self.spoken.episode(out[-1]).duration_ms
        ms = min(length, max(MINUTE, free.until - free.start - 2 * MINUTE))
        end = "trackdone" if ms == length else "endplay"
        video = draw.random() < 0.3
        yield heard("episode", out[-1], ms, reason_start="clickrow", reason_end=end, is_video=video)

    def book(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        book = draw.randrange(AUDIOBOOKS)
        for chapter in range(draw.randrange(1, 3)):
            ms = draw.randrange(4 * MINUTE, 15 * MINUTE)
            yield heard("chapter", book * 100 + chapter, ms, reason_start="clickrow" if chapter == 0 else "trackdone")

    def videos(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        for _ in range(draw.randrange(1, 4)):
            kind = "nameless" if draw.random() < 0.3 else "track"
            ms = draw.randrange(7 * SECOND)
            yield heard(kind, self.track(draw, free), ms, reason_start="clickrow", reason_end="endplay", is_video=True)

    def nameless(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        kind = pick(draw, ("nameless", "local"))
        yield heard(kind, draw.randrange(90), draw.randrange(MINUTE, 4 * MINUTE), reason_start="unknown")

    def remote(self, draw: Random, free: FreeTime) -> Iterator[Play]:
        """A remote device says that it played every track whole, six seconds after one another."""
        for _ in range(draw.randrange(3, 6)):
            track = free.next_track
            play = heard("track", track, REMOTE_PLAYS_MS, reason_start="remote", reason_end="remote")
            yield play._replace(ms_played=self.catalogue.duration_ms(track))


def heard(kind: str, item: int, ms_played: int, **more: Any) -> Play:
    """A play without a pause, at the beginning of time."""
    return Play(0, ms_played, ms_played, kind, item, 0, **more)


Group = Callable[[Unshown, Random, FreeTime], Iterator[Play]]
GROUPS: tuple[Group | None, ...] = (
    *(None,) * 42,
    *(Unshown.skips,) * 30,
    *(Unshown.whole,) * 14,
    *(Unshown.left,) * 5,
    *(Unshown.private,) * 3,
    *(Unshown.podcast,) * 2,
    Unshown.book,
    Unshown.videos,
    Unshown.nameless,
    Unshown.remote,
)
