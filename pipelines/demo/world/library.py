"""The saved lists. A list is a history of saves with start and end, so that it can be read at any moment."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from pipelines.demo.world.chance import chance, pick
from pipelines.demo.world.clock import DAY, FIRST_DAY, HOUR, SECOND, SETTLED_DAY

SECONDS_OF_SAVES = 8 * 365 * 86_400
ATTEMPTS = 40


@dataclass(frozen=True, slots=True)
class Save:
    """`ended_at` is when the listener removed the item, or None."""

    item: int
    added_at: int
    ended_at: int | None = None

    def holds(self, now: int) -> bool:
        """Whether the item is in the library at a moment."""
        return self.added_at <= now and (self.ended_at is None or now < self.ended_at)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a saved list changes over time.

    The list has `settled` saves on `SETTLED_DAY`. From then on `a_day` saves are added each day, and the share `undone`
    of them is removed later. Before that day, `tried` saves a day are added and removed again, so that old days have
    changes too and the number on `SETTLED_DAY` stays the same. The order may differ from that of `added_at` by up to
    `untidy_days` days. `pick(generator, day)` chooses an item; day 0 stands for the settled saves.
    """

    kind: str
    settled: int
    pick: Callable[[Random, int], int]
    a_day: float
    undone: float = 0.0
    tried: float = 0.0
    untidy_days: int = 0


class Shelf:
    """One saved list. A day is computed when the clock first reaches it."""

    def __init__(self, seed: int, habit: Habit) -> None:
        self.seed = seed
        self.habit = habit
        self.taken: set[int] = set()
        self.settled: list[Save] = []
        self.daily: list[Save] = []
        self.directed: list[Save] = []
        self.unsaved: dict[int, int] = {}
        self.next_day = FIRST_DAY
        self.last_read: tuple[int, list[Save]] | None = None

    def at(self, now: int) -> list[Save]:
        """The saves at a moment, newest first, as the Web API lists them."""
        if self.last_read is None or self.last_read[0] != now:
            settled = self.long_settled()
            while self.next_day <= now // DAY:
                self._live_through(self.next_day)
                self.next_day += 1
            asked_for = {save.item for save in self.directed}
            by_itself = [save for save in (*self.daily, *settled) if save.item not in asked_for]
            rows = [save for save in (*self.directed, *by_itself) if save.holds(now) and not self._undone(save, now)]
            self.last_read = (now, sorted(rows, key=self._place, reverse=True))
        return self.last_read[1]

    def long_settled(self) -> list[Save]:
        """The saves of the eight years before `SETTLED_DAY`, oldest first. Most are from the last years."""
        if not self.settled and self.habit.settled:
            draw = chance(self.seed, "settled", self.habit.kind)
            picked = (self._untaken(draw, 0) for _ in range(self.habit.settled))
            items = [item for item in picked if item is not None]
            ages = sorted((1 + int(SECONDS_OF_SAVES * draw.random() ** 2) for _ in items), reverse=True)
            self.settled = [Save(item, SETTLED_DAY * DAY - age * SECOND) for item, age in zip(items, ages, strict=True)]
        return self.settled

    def save(self, item: int, added_at: int) -> None:
        """Add a save at any moment. Only tests do this."""
        self.unsaved.pop(item, None)
        self.directed = [*(save for save in self.directed if save.item != item), Save(item, added_at)]
        self.taken.add(item)
        self.last_read = None

    def unsave(self, item: int, now: int) -> None:
        """Remove an item. Only tests do this."""
        self.unsaved[item] = now
        self.last_read = None

    def unused(self, now: int, name: str) -> int:
        """An item that is not saved yet. Raises LookupError when there is none. Only tests need it."""
        self.at(now)
        item = self._untaken(chance(self.seed, "unused", self.habit.kind, name), now // DAY)
        if item is None:
            raise LookupError(f"nothing is left to save among {self.habit.kind}")
        return item

    def _live_through(self, day: int) -> None:
        draw = chance(self.seed, "saves", self.habit.kind, day)
        settled = day >= SETTLED_DAY
        rate = self.habit.a_day if settled else self.habit.tried
        for _ in range(int(rate * draw.uniform(0.5, 1.5) + draw.random())):
            added_at = day * DAY + draw.randrange(9 * HOUR, 23 * HOUR) // SECOND * SECOND
            kept_ms = draw.randrange(2 * HOUR, 60 * DAY)
            undone = draw.random() < self.habit.undone
            item = self._untaken(draw, day)
            if item is None:
                continue
            if settled:
                self.daily.append(Save(item, added_at, added_at + kept_ms if undone else None))
            else:
                self.daily.append(Save(item, added_at, min(added_at + kept_ms, SETTLED_DAY * DAY - 1)))

        if settled and self.settled and draw.random() < rate * self.habit.undone:
            tired_of = pick(draw, self.settled).item
            self.unsaved.setdefault(tired_of, day * DAY + draw.randrange(9 * HOUR, 23 * HOUR))

    def _untaken(self, draw: Random, day: int) -> int | None:
        for _ in range(ATTEMPTS):
            item = self.habit.pick(draw, day)
            if item not in self.taken:
                self.taken.add(item)
                return item
        return None

    def _undone(self, save: Save, now: int) -> bool:
        return save.item in self.unsaved and self.unsaved[save.item] <= now

    def _place(self, save: Save) -> tuple[int, int]:
        if self.habit.untidy_days:
            return save.added_at + save.item * 7_919 % self.habit.untidy_days * DAY, save.item
        return save.added_at, save.item
