"""The demo account as a whole, at the moment of its clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pipelines.demo.world.catalogue import TRACKS_PER_ARTIST, Catalogue
from pipelines.demo.world.chance import skewed
from pipelines.demo.world.clock import DAY, FIRST_DAY
from pipelines.demo.world.history import History
from pipelines.demo.world.ids import Ids
from pipelines.demo.world.library import Habit, Shelf
from pipelines.demo.world.listening import Listening
from pipelines.demo.world.playlists import Playlists
from pipelines.demo.world.spoken import AUDIOBOOKS, SHOWS, Spoken
from pipelines.demo.world.tops import Tops


@dataclass(frozen=True)
class Options:
    """`size` is the number of saved tracks. `playlist_items` None gives each playlist 5 to 150 items."""

    now: int
    seed: int = 1
    size: int = 400
    playlists: int = 12
    playlist_items: int | None = None
    mode: str = "development"


def window(rows: Sequence[Any], offset: int, limit: int) -> tuple[Sequence[Any], int]:
    """The rows of a page, and the total that the page states."""
    return rows[offset : offset + limit], len(rows)


class World:
    """One listener's account. The clock `now` stands still until somebody sets it.

    `extended` is whether the app has extended quota; see https://developer.spotify.com/documentation/web-api/concepts/quota-modes.
    Tests replace `window` to make pages shorter than their limit.
    """

    def __init__(self, options: Options, base_url: str = "") -> None:
        self.options = options
        self.base_url = base_url
        self.now = options.now
        self.extended = options.mode == "extended"
        self.window: Callable[[Sequence[Any], int, int], tuple[Sequence[Any], int]] = window
        self.ids = Ids(options.seed)
        self.catalogue = Catalogue(options.seed, options.size)
        self.spoken = Spoken(options.seed)
        self.playlists = Playlists(options.seed, self.catalogue, options.playlists, options.playlist_items)
        self.shelves = {habit.kind: Shelf(options.seed, habit) for habit in habits(options.size, self)}
        self.listening = Listening(options.seed, self.catalogue, options.playlists, self.liked)
        self.history = History(options.seed, self.catalogue, self.spoken, self.listening)
        self.tops = Tops(self.listening)
        self.liked_tracks: list[int] = []

    @property
    def today(self) -> int:
        """The clock's day."""
        return self.now // DAY

    def liked(self) -> list[int]:
        """The tracks that were saved before `SETTLED_DAY`."""
        if not self.liked_tracks:
            self.liked_tracks = [save.item for save in self.shelves["tracks"].long_settled()]
        return self.liked_tracks


def habits(size: int, world: World) -> tuple[Habit, ...]:
    """How each saved list grows. The numbers are those of somebody who listens every day."""
    catalogue, spoken = world.catalogue, world.spoken

    def album(draw: Random, day: int) -> int:
        return skewed(draw, catalogue.albums, 2)

    def artist(draw: Random, day: int) -> int:
        return skewed(draw, catalogue.artists, 2)

    def track(draw: Random, day: int) -> int:
        if day and draw.random() < 0.5:
            favourites = world.listening.favourites(day)
            return draw.choice(favourites) * TRACKS_PER_ARTIST + draw.randrange(TRACKS_PER_ARTIST)
        return skewed(draw, catalogue.tracks, 2.5)

    def episode(draw: Random, day: int) -> int:
        return draw.choice(spoken.episodes_of(draw.randrange(SHOWS), day or FIRST_DAY)[-6:])

    return (
        Habit("tracks", size, track, a_day=4, undone=0.12, tried=2),
        Habit("albums", max(1, size // 20), album, a_day=0.2, undone=0.1, untidy_days=300),
        Habit("shows", 8, lambda draw, day: draw.randrange(SHOWS), a_day=0.01),
        Habit("episodes", 12, episode, a_day=0.4, undone=0.8, tried=0.2),
        Habit("audiobooks", 5, lambda draw, day: draw.randrange(AUDIOBOOKS), a_day=0.01),
        Habit("artists", max(1, size // 10), artist, a_day=0.2, undone=0.05),
    )
