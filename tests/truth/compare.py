"""Compares the rows of fct_plays with the plays that happened, one by one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.demo.world.clock import SECOND
from pipelines.demo.world.world import World
from tests.truth.told import Told, told_start

EPOCH = dt.datetime(1970, 1, 1)
QUESTION = """
    select content_type, track_id, episode_uri, title, creator, started_at, ended_at, ms_played, play_id, is_in_web_api
    from marts.fct_plays
    order by ended_at, started_at
"""
Answer = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Row:
    """A row of fct_plays. Times are in milliseconds since 1970, UTC."""

    content_type: str
    track_id: str | None
    episode_uri: str | None
    title: str | None
    creator: str | None
    started_at: int
    ended_at: int
    ms_played: int | None
    play_id: str
    is_polled: bool


@dataclass
class Comparison:
    """What became of the plays. Each list has the plays or rows that are not as they should be."""

    told: int = 0
    rows: int = 0
    lost: list[Told] = field(default_factory=list)
    twice: list[Row] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)
    wrong_start: list[tuple[Told, Row]] = field(default_factory=list)
    wrong_ms: list[tuple[Told, Row]] = field(default_factory=list)
    starts_not_told: int = 0

    def faults(self) -> dict[str, int]:
        """The number of faults of each kind that has any."""
        kinds = ("lost", "twice", "unknown", "wrong_start", "wrong_ms")
        return {kind: len(getattr(self, kind)) for kind in kinds if getattr(self, kind)}


def rows_of(answer: Answer) -> list[Row]:
    """The rows that `QUESTION` found."""
    return [Row(*row[:5], *map(milliseconds, row[5:7]), *row[7:]) for row in answer]


def compare(world: World, told: Iterable[Told], rows: Iterable[Row]) -> Comparison:
    """Give each row the play that it stands for. A play may have one row, and a row one play."""
    found = Comparison()
    by_second: dict[int, list[int]] = defaultdict(list)
    every: dict[int, Told] = {}
    for number, each in enumerate(told):
        every[number] = each
        for second in each.seconds():
            by_second[second].append(number)
    left = dict(every)
    for row in rows:
        found.rows += 1
        near = [number for number in by_second[row.ended_at // SECOND] if is_same_thing(world, every[number], row)]
        free = [number for number in near if number in left]
        if free:
            best = min(free, key=lambda number: distance(every[number], row))
            _check(found, left.pop(best), row)
        else:
            (found.twice if near else found.unknown).append(row)
    found.told, found.lost = len(every), list(left.values())
    return found


def _check(found: Comparison, told: Told, row: Row) -> None:
    is_known = bool(told.generations) or (told.is_in_one_year and row.ms_played is not None)
    if is_known and row.ms_played != told.play.ms_played:
        found.wrong_ms.append((told, row))
    if told.generations:
        at = told_start(told)
        found.starts_not_told += at is None
        if row.started_at != (row.ended_at - told.play.ms_played if at is None else at):
            found.wrong_start.append((told, row))


def distance(told: Told, row: Row) -> tuple[bool, int, int]:
    """How unlike a play and a row are."""
    return (
        row.ms_played not in (None, told.play.ms_played),
        abs(row.started_at - (told_start(told) or told.play.started_at)),
        abs(row.ended_at - told.play.ended_at),
    )


def is_same_thing(world: World, told: Told, row: Row) -> bool:
    """Whether the row names what was played, by its URI or by names that a source gives."""
    play = told.play
    if row.track_id is not None:
        return play.kind == "track" and row.track_id == world.ids.of("track", play.item)
    if row.episode_uri is not None:
        return row.episode_uri in told.texts(world)
    named = {row.title, row.creator} - {None}
    return named <= told.texts(world) if named else play.kind in ("nameless", "chapter")


def milliseconds(at: dt.datetime) -> int:
    """Since 1970, in UTC."""
    return (at - EPOCH) // dt.timedelta(milliseconds=1)
