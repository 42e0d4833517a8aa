"""Every play that happened. The Web API shows some of them, an export shows all."""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from pipelines.demo.world import oddities
from pipelines.demo.world.catalogue import Catalogue
from pipelines.demo.world.chance import chance
from pipelines.demo.world.clock import DAY, HOUR, MINUTE, SECOND
from pipelines.demo.world.listening import Listening, WholePlay
from pipelines.demo.world.play import END_KNOWN_FROM, Play
from pipelines.demo.world.spoken import Spoken
from pipelines.demo.world.unshown import FreeTime, Unshown

DEVICES = 6
WAKING_HOUR = 6
LONGEST_SILENCE = 5 * SECOND
"""A longer silence begins a new session."""
ENOUGH_FREE_TIME = 20 * SECOND
LATE, LATE_BEFORE_OCTOBER_2022 = 0.01, 0.05
WRONG_CLOCK = 0.005


class History:
    """Plays by the day of their end. Those that recently played shows end when those of `listening` end."""

    def __init__(self, seed: int, catalogue: Catalogue, spoken: Spoken, listening: Listening) -> None:
        self.seed = seed
        self.catalogue = catalogue
        self.listening = listening
        self.unshown = Unshown(catalogue, spoken)
        self.directed: list[Play] = []
        self.day = lru_cache(32)(self._day)

    def last(self, now: int, count: int) -> list[Play]:
        """What recently played shows: the last plays that Spotify has heard of, newest first."""
        found = [play for play in self.directed if play.ended_at <= now]
        for day in (now // DAY - back for back in range(4)):
            found += [play for play in self.day(day) if play.is_shown and play.uploaded_at <= now]
        return sorted(found, key=lambda play: play.ended_at, reverse=True)[:count]

    def between(self, start: int, until: int) -> Iterator[Play]:
        """Every play that ended from `start` on and before `until`, in the order of the ends."""
        for day in range(start // DAY, (until - 1) // DAY + 1):
            directed = [play for play in self.directed if play.ended_at // DAY == day]
            for play in sorted((*self.day(day), *directed), key=lambda play: play.ended_at):
                if start <= play.ended_at < until:
                    yield play

    def add(self, ended_at: int, track: int) -> None:
        """A whole play that recently played shows. Only tests do this."""
        length = self.catalogue.duration_ms(track)
        self.directed.append(Play(ended_at - length, ended_at, length, "track", track, ended_at, is_shown=True))

    def _day(self, day: int) -> tuple[Play, ...]:
        draw = chance(self.seed, "history", day)
        yesterday = self.listening.day(day - 1)
        free_from = max(yesterday[-1].ended_at if yesterday else 0, day * DAY - HOUR)
        found: list[Play] = []
        for session in self._sessions(day):
            found += self._session(draw, day, session, free_from)
            free_from = session[-1].ended_at
        return tuple(sorted(found, key=lambda play: play.ended_at))

    def _sessions(self, day: int) -> Iterator[list[WholePlay]]:
        session: list[WholePlay] = []
        for whole in self.listening.day(day):
            started_at = whole.ended_at - self.catalogue.duration_ms(whole.track)
            if session and started_at - session[-1].ended_at > LONGEST_SILENCE:
                yield session
                session = []
            session.append(whole)
        if session:
            yield session

    def _session(self, draw: Random, day: int, session: list[WholePlay], free_from: int) -> Iterator[Play]:
        """The plays of a session. Some sessions are offline, and Spotify hears of them minutes to days later."""
        end = session[-1].ended_at
        is_late = draw.random() < (LATE_BEFORE_OCTOBER_2022 if end < END_KNOWN_FROM else LATE)
        uploaded_at = end + int(20 * MINUTE * 10 ** draw.uniform(-0.5, 2.2)) if is_late else 0
        is_offline = is_late or draw.random() < 0.1
        device = draw.randrange(DEVICES)
        ahead = HOUR if draw.random() < WRONG_CLOCK else 0
        is_shuffled = session[0].context is not None and session[0].context[0] in ("collection", "playlist")
        for whole in session:
            for play in self._plays(draw, day, whole, free_from, whole is session[0]):
                yield play._replace(
                    uploaded_at=max(play.ended_at, uploaded_at),
                    device=device,
                    is_offline=is_offline,
                    is_shuffled=is_shuffled,
                    clock_ahead_ms=ahead,
                )
            free_from = whole.ended_at

    def _plays(self, draw: Random, day: int, whole: WholePlay, free_from: int, is_first: bool) -> Iterator[Play]:
        """A play that is shown, and before it what else happened since `free_from`."""
        play = oddities.shown(draw, whole, self.catalogue.duration_ms(whole.track), is_first)
        if draw.random() < oddities.TWICE:
            yield oddities.first_try(draw, play)
        if play.started_at - free_from > MINUTE and draw.random() < oddities.LEFT_AT_ONCE:
            left = oddities.left_at_once(draw, free_from, play.item)
            yield left
            free_from = left.ended_at
        start = max(free_from, day * DAY + WAKING_HOUR * HOUR)
        if play.started_at - start > ENOUGH_FREE_TIME:
            free = FreeTime(start, play.started_at, play.item, self.listening.favourites(day))
            for other in self.unshown.group(draw, free):
                yield other
                free_from = other.ended_at
        if is_first and draw.random() < oddities.PAUSED_FIRST_PLAYS:
            play = oddities.paused(draw, play, free_from)
        yield play
