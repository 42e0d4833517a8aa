"""What the sources tell of a play: which moments, which names, and whether they know its start."""

from dataclasses import dataclass

from pipelines.demo.exports import one_year
from pipelines.demo.exports.generations import Generation
from pipelines.demo.exports.records import names, start, ts
from pipelines.demo.world.clock import SECOND
from pipelines.demo.world.play import Play
from pipelines.demo.world.world import World

FIRST_REAL_START_S = 10**9
CLOCK_TOLERANCE_S = 5


@dataclass(frozen=True)
class Told:
    """A play, the extended exports that hold it, and whether polls and a one-year export have it."""

    play: Play
    generations: tuple[Generation, ...] = ()
    is_polled: bool = False
    is_in_one_year: bool = False

    def seconds(self) -> set[int]:
        """The seconds at which a table may say that the play ended."""
        found = {self.play.ended_at // SECOND} if self.is_polled else set()
        if self.generations:
            found.add(ts(self.play))
        if self.is_in_one_year:
            found.add(one_year.end_minute(self.play) // SECOND)
        return found

    def texts(self, world: World) -> set[str | None]:
        """Every title, name and URI that an export gives."""
        given = {
            value
            for generation in self.generations
            for key, value in names(self.play, world, generation).items()
            if key in generation.keys
        }
        return given | (set(one_year.record(self.play, world).values()) if self.is_in_one_year else set())


def told_start(told: Told) -> int | None:
    """The start that an export tells, in milliseconds, or None: all fields are empty, or the device's clock was wrong.

    A start is possible when it is not after the end, and when the sound ended before the end, both within five seconds.
    """
    end = ts(told.play)
    latest = min(end, end - told.play.ms_played / SECOND) + CLOCK_TOLERANCE_S
    for generation in told.generations:
        value = start(told.play, generation)
        if value is not None:
            at = value / SECOND if value >= 10**12 else value
            if FIRST_REAL_START_S <= at <= latest:
                return round(at * SECOND)
    return None
