"""Moments: whole milliseconds since 1970 in UTC, as the cursors of recently played count them."""

from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def moment(text: str) -> int:
    """`2026-11-02T08:00:00Z` as a moment; a text without an offset is UTC."""
    parsed = datetime.fromisoformat(text)
    return round((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


def to_the_second(at: int) -> str:
    """The form of `added_at`."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_the_millisecond(at: int) -> str:
    """The form of `played_at`."""
    return f"{to_the_second(at)[:-1]}.{at % 1000:03d}Z"


def date_of(day: int) -> str:
    """The date of a day counted from 1970."""
    return to_the_second(day * DAY)[:10]


def months_later(at: int, months: int) -> int:
    """The same day of a later month, or that month's last day: a consent lasts six calendar months."""
    start = datetime.fromtimestamp(at / 1000, UTC)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first = datetime(year, month + 1, 1, tzinfo=UTC)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    length = (datetime(next_year, next_month + 1, 1, tzinfo=UTC) - first).days
    return round(start.replace(year=year, month=month + 1, day=min(start.day, length)).timestamp() * 1000)


FIRST_DAY = moment("2025-11-01T00:00:00Z") // DAY
"""From this day on, days differ: playlists are edited, tracks are tried out."""

SETTLED_DAY = moment("2026-11-02T00:00:00Z") // DAY
"""At the start of this day the library holds exactly the number of tracks that was asked for; later it grows."""
