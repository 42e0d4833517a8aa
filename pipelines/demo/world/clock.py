"""Moments are whole milliseconds since 1970 in UTC, like the cursors of recently played. Days count from 1970."""

from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def moment(text: str) -> int:
    """The moment of `2026-11-02T08:00:00Z`. A text without an offset is UTC."""
    parsed = datetime.fromisoformat(text)
    return round((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


def to_the_second(at: int) -> str:
    """The text form of `added_at`."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_the_millisecond(at: int) -> str:
    """The text form of `played_at`."""
    return f"{to_the_second(at)[:-1]}.{at % 1000:03d}Z"


def date_of(day: int) -> str:
    return to_the_second(day * DAY)[:10]


def months_later(at: int, months: int) -> int:
    """The same day of a later month, or the last day of that month if it is shorter."""
    start = datetime.fromtimestamp(at / 1000, UTC)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first = datetime(year, month + 1, 1, tzinfo=UTC)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    length = (datetime(next_year, next_month + 1, 1, tzinfo=UTC) - first).days
    return round(start.replace(year=year, month=month + 1, day=min(start.day, length)).timestamp() * 1000)


FIRST_DAY = moment("2025-11-01T00:00:00Z") // DAY
"""Before this day nothing changes. From it on the listener edits playlists and saves tracks, some for a short time."""

SETTLED_DAY = moment("2026-11-02T00:00:00Z") // DAY
"""At the start of this day the library has exactly `--size` saved tracks. Later it grows."""
