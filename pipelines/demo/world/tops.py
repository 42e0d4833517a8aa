"""The top lists, counted from the plays."""

from collections import Counter
from functools import lru_cache

from pipelines.demo.world.catalogue import TRACKS_PER_ARTIST
from pipelines.demo.world.listening import Listening

RANGE_DAYS = {"short_term": 28, "medium_term": 182, "long_term": 365}
"""How many days each time range covers: about four weeks, half a year, a year."""


class Tops:
    """Rankings by the number of plays. They change at midnight UTC."""

    def __init__(self, listening: Listening) -> None:
        self.listening = listening
        self.ranking = lru_cache(8)(self._ranking)

    def _ranking(self, kind: str, time_range: str, day: int) -> list[int]:
        """Numbers of artists or tracks, most played first, over the days before `day`."""
        days = range(day - RANGE_DAYS[time_range], day)
        tracks_of_one = TRACKS_PER_ARTIST if kind == "artists" else 1
        counts = Counter(play.track // tracks_of_one for past in days for play in self.listening.day(past))
        return sorted(counts, key=lambda number: (-counts[number], number))
