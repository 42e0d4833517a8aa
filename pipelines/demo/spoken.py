"""What is spoken: shows with an episode a week, audiobooks with their chapters."""

from dataclasses import dataclass
from functools import lru_cache

from pipelines.demo import names
from pipelines.demo.chance import chance
from pipelines.demo.clock import FIRST_DAY

SHOWS = 60
AUDIOBOOKS = 60
EPISODES_PER_SHOW = 10_000
CHAPTERS_PER_BOOK = 100


@dataclass(frozen=True, slots=True)
class Show:
    """`first_day`, counted from 1970, is the day of its first episode."""

    number: int
    name: str
    publisher: str
    description: str
    explicit: bool
    first_day: int


@dataclass(frozen=True, slots=True)
class Episode:
    """`day`, counted from 1970, is the day it came out."""

    number: int
    name: str
    show: int
    day: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Audiobook:
    """`chapters` is how many it has."""

    number: int
    name: str
    author: str
    narrator: str
    description: str
    chapters: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """`place` counts from 0, where the opening credits stand."""

    number: int
    name: str
    book: int
    place: int
    duration_ms: int


class Spoken:
    """60 shows, 60 audiobooks; episodes keep coming out as the clock moves."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.show = lru_cache(None)(self._show)
        self.audiobook = lru_cache(None)(self._audiobook)

    def _show(self, number: int) -> Show:
        draw = chance(self.seed, "show", number)
        about = f"{names.person(draw)} on what {draw.choice(names.TOPICS).lower()} are made of & why."
        first = FIRST_DAY - draw.randrange(60, 500)
        return Show(number, names.show(draw), f"{names.word(draw)} Audio", about, draw.random() < 0.2, first)

    def _audiobook(self, number: int) -> Audiobook:
        draw = chance(self.seed, "audiobook", number)
        author, narrator = names.person(draw), names.person(draw)
        about = f"Author(s): {author} Narrator(s): {narrator}"
        return Audiobook(number, names.title(draw), author, narrator, about, draw.randrange(6, 40))

    def episode(self, number: int) -> Episode:
        """An episode by its number: that of its show, then its place in the show."""
        show, place = divmod(number, EPISODES_PER_SHOW)
        draw = chance(self.seed, "episode", number)
        name = f"{place + 1}: {names.title(draw)}"
        return Episode(number, name, show, self.show(show).first_day + 7 * place, draw.randrange(900_000, 5_400_000))

    def episodes_of(self, show: int, day: int) -> range:
        """The numbers of the episodes that are out on a day, oldest first."""
        first = show * EPISODES_PER_SHOW
        return range(first, first + max(0, (day - self.show(show).first_day) // 7 + 1))

    def chapter(self, number: int) -> Chapter:
        """A chapter by its number: that of its book, then its place in the book."""
        book, place = divmod(number, CHAPTERS_PER_BOOK)
        name = f"Chapter {place}" if place else "Opening Credits"
        return Chapter(number, name, book, place, chance(self.seed, "chapter", number).randrange(60_000, 2_400_000))

    def chapters_of(self, book: int) -> range:
        """The numbers of a book's chapters."""
        return range(book * CHAPTERS_PER_BOOK, book * CHAPTERS_PER_BOOK + self.audiobook(book).chapters)
