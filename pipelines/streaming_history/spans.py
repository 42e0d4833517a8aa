"""Which time an export covers: the continuous stretches of its records."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.streaming_history.shapes import ONE_YEAR, PACKAGES

# A longer time without any record is a time that the files given do not contain.
LONGEST_PAUSE = dt.timedelta(days=30)
# The one-year package may begin with one record from weeks before its year.
STRAY_AFTER = dt.timedelta(days=1)
SHARD = re.compile(r"endsong_(\d+)\.json")


@dataclass(frozen=True)
class Day:
    """The records of one archive on one UTC day."""

    archive_id: str
    first: dt.datetime
    last: dt.datetime
    count: int


@dataclass(frozen=True)
class Span:
    """From the first to the last end of a stretch. `archive_id` is that of its first record."""

    archive_id: str
    package: str
    covered_from: dt.datetime
    covered_until: dt.datetime


def missing_shards(names: Iterable[str]) -> list[str]:
    """The files of an export before 2023 that are missing. Each shard holds a part of the plays of every day."""
    numbers = {int(match[1]) for name in names if (match := SHARD.fullmatch(name))}
    return [f"endsong_{number}.json" for number in range(max(numbers, default=-1)) if number not in numbers]


def covered(db: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[Span]:
    """The stretches of all records of this import, known ones included, by package.

    `names` are those of the files. Shards of an export that is not complete cover nothing.
    """
    shards = [number for number, name in enumerate(names) if SHARD.fullmatch(name)] if missing_shards(names) else []
    found: list[Span] = []
    for package in PACKAGES:
        rows = db.execute(
            """
            select archive_id, min(ended_at), max(ended_at), count(*)
            from records
            join files using (file_no)
            where package = $1 and skip is null and not list_contains($2, file_no)
            group by archive_id, date_trunc('day', ended_at)
            order by min(ended_at)
            """,
            [package.name, shards],
        ).fetchall()
        days = [Day(*row) for row in rows]
        found += stretches(package.name, without_strays(days) if package is ONE_YEAR else days)
    return found


def without_strays(days: Iterable[Day]) -> list[Day]:
    """The days, without a first record of an archive that is alone before a pause of more than a day."""
    found: dict[str, list[Day]] = {}
    for day in days:
        found.setdefault(day.archive_id, []).append(day)
    for each in found.values():
        if len(each) > 1 and each[0].count == 1 and each[1].first - each[0].last > STRAY_AFTER:
            del each[0]
    return sorted((day for each in found.values() for day in each), key=lambda day: day.first)


def stretches(package: str, days: Sequence[Day]) -> list[Span]:
    """The stretches of days in order; those without length are left out."""
    found: list[Span] = []
    for day in days:
        if found and day.first - found[-1].covered_until <= LONGEST_PAUSE:
            last = found.pop()
            until = max(last.covered_until, day.last)
            found.append(Span(last.archive_id, package, last.covered_from, until))
        else:
            found.append(Span(day.archive_id, package, day.first, day.last))
    return [span for span in found if span.covered_until > span.covered_from]
