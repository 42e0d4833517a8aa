"""Shows with an episode a week, and audiobooks."""

from dataclasses import dataclass
from functools import lru_cache

from pipelines.demo.world import names
from pipelines.demo.world.chance import chance
from pipelines.demo.world.clock import FIRST_DAY

SHOWS = 60
AUDIOBOOKS = 60
EPISODES_PER_SHOW = 10_000


@dataclass(frozen=True, slots=True)
class Show:
    """`first_day` is the day of its first episode."""

    number: int
    name: str
    publisher: str
    description: str
    explicit: bool
    first_day: int


@dataclass(frozen=True, slots=True)
class Episode:
    """`day` is the day on which it came out."""

    number: int
    name: str
    show: int
    day: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Audiobook:
    """`chapters` is their count."""

    number: int
    name: str
    author: str
    narrator: str
    description: str
    chapters: int


class Spoken:
    """60 shows and 60 audiobooks."""

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
        """An episode's number is its show's number times 10,000 plus its place in the show."""
        show, place = divmod(number, EPISODES_PER_SHOW)
        draw = chance(self.seed, "episode", number)
        name = f"{place + 1}: {names.title(draw)}"
        return Episode(number, name, show, self.show(show).first_day + 7 * place, draw.randrange(900_000, 5_400_000))

    def episodes_of(self, show: int, day: int) -> range:
        """The numbers of the episodes that are out on a day, oldest first."""
        first = show * EPISODES_PER_SHOW
        return range(first, first + max(0, (day - self.show(show).first_day) // 7 + 1))
