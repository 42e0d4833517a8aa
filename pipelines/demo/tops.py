"""The top lists, which follow from what was heard."""

from collections import Counter
from functools import lru_cache

from pipelines.demo.catalogue import TRACKS_PER_ARTIST
from pipelines.demo.listening import Listening

RANGE_DAYS = {"short_term": 28, "medium_term": 182, "long_term": 365}
"""How far back each range looks: about four weeks, half a year, a year."""


class Tops:
    """Rankings by the number of plays; they change at midnight."""

    def __init__(self, listening: Listening) -> None:
        self.listening = listening
        self.ranking = lru_cache(8)(self._ranking)

    def _ranking(self, kind: str, time_range: str, day: int) -> list[int]:
        """Numbers of artists or of tracks, most played first, over the days before this one."""
        plays = (play for past in range(day - RANGE_DAYS[time_range], day) for play in self.listening.day(past))
        tracks = Counter(play.track for play in plays)
        if kind == "artists":
            counts: Counter[int] = Counter()
            for track, heard in tracks.items():
                counts[track // TRACKS_PER_ARTIST] += heard
        else:
            counts = tracks
        return sorted(counts, key=lambda number: (-counts[number], number))
