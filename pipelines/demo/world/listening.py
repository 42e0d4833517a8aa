"""The tracks that are heard each day. The favourite artists change every three weeks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pipelines.demo.world.catalogue import ALBUMS_PER_ARTIST, TRACKS_PER_ARTIST, Catalogue
from pipelines.demo.world.chance import chance, skewed
from pipelines.demo.world.clock import DAY, HOUR, MINUTE

DAYS_OF_A_FAVOURITE = 21
EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday. Monday is 0."""

WORKDAY = {7: 2, 8: 4, 9: 3, 10: 3, 11: 3, 12: 4, 13: 3, 14: 3, 15: 3, 16: 3, 17: 4, 18: 5, 19: 4, 20: 4, 21: 3, 22: 1}
WEEKEND = {8: 1, 9: 2, 10: 4, 11: 5, 12: 3, 13: 3, 14: 3, 15: 4, 16: 4, 17: 4, 18: 4, 19: 4, 20: 5, 21: 4, 22: 3, 23: 2}
"""Usual number of plays by hour (UTC). From 8 to 21 every hour has at least one play."""


@dataclass(frozen=True, slots=True)
class WholePlay:
    """A track that is heard to its end. `context` is the kind and number of the album, playlist, ... it came from."""

    ended_at: int
    track: int
    context: tuple[str, int] | None


class Listening:
    """`liked` gives the numbers of the saved tracks; some sessions shuffle them."""

    def __init__(self, seed: int, catalogue: Catalogue, playlists: int, liked: Callable[[], Sequence[int]]) -> None:
        self.seed = seed
        self.catalogue = catalogue
        self.playlists = playlists
        self.liked = liked
        self.era = lru_cache(64)(self._era)
        self.day = lru_cache(800)(self._day)

    def favourites(self, day: int) -> list[int]:
        """Ten artists that change every three weeks, then five that stay."""
        return self.era(day // DAYS_OF_A_FAVOURITE)

    def _era(self, era: int) -> list[int]:
        staying = chance(self.seed, "favourites").sample(range(40), 5)
        passing = [
            artist
            for each in (era, era - 1)
            for artist in chance(self.seed, "favourites", each).sample(range(self.catalogue.artists // 3), 5)
        ]
        return passing + staying

    def _day(self, day: int) -> tuple[WholePlay, ...]:
        draw = chance(self.seed, "plays", day)
        weekend = (day + EPOCH_WEEKDAY) % 7 >= 5
        mood = draw.uniform(0.8, 1.2)
        favourites = self.favourites(day)
        plays: list[WholePlay] = []
        for hour, usual in (WEEKEND if weekend else WORKDAY).items():
            wanted = round(draw.gauss(usual * mood, 1))
            if 8 <= hour <= 21:
                wanted = max(1, wanted)
            start = day * DAY + hour * HOUR
            at = start + draw.randrange(10 * MINUTE)
            for track, context in self._session(draw, wanted, favourites):
                at += self.catalogue.duration_ms(track) + draw.randrange(4000)
                if at >= start + HOUR:
                    break
                plays.append(WholePlay(at, track, context))
        return tuple(plays)

    def _session(self, draw: Random, wanted: int, favourites: list[int]) -> list[tuple[int, tuple[str, int] | None]]:
        mood = draw.random()
        if wanted <= 0:
            return []
        if mood < 0.45:
            album = draw.choice(favourites) * ALBUMS_PER_ARTIST + draw.choice((0, 0, 1, 3, 4))
            return [(track, ("album", album)) for track in self.catalogue.tracks_of(album)[:wanted]]
        if mood < 0.7:
            liked = self.liked()
            if liked:
                return [(liked[skewed(draw, len(liked), 2)], ("collection", 0)) for _ in range(wanted)]
        if mood < 0.85 and self.playlists:
            playlist = draw.randrange(self.playlists)
            return [(skewed(draw, self.catalogue.tracks, 4), ("playlist", playlist)) for _ in range(wanted)]
        artist = draw.choice(favourites)
        tracks = [artist * TRACKS_PER_ARTIST + skewed(draw, TRACKS_PER_ARTIST, 2) for _ in range(wanted)]
        return [(track, ("artist", artist) if mood < 0.95 else None) for track in tracks]
