"""Numbers, days and lists as words of the page."""

import datetime as dt
from collections.abc import Sequence

MONTHS = tuple(f"{dt.date(2000, month, 1):%B}" for month in range(1, 13))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def number(value: float | None) -> str:
    """A whole number with commas: 12,345."""
    return f"{round(value or 0):,}"


def hours(value: float | None) -> str:
    """Hours without unit: 9.2 or 1,234."""
    value = value or 0.0
    if 0 < value < 0.05:
        return "under 0.1"
    return f"{value:,.1f}" if 0 < value < 100 else number(value)


def name(value: str | None) -> str:
    """A name as the sources give it, or words that say that there is none."""
    return value or "(no title)"


def share(part: float | None, of: float | None = 1) -> str:
    """A share of 0 to 1 as percent."""
    percent = 100 * (part or 0) / of if of else 0.0
    if 0 < percent < 1:
        return "under 1\u00a0%"
    if 99 < percent < 100:
        return "over 99\u00a0%"
    return f"{percent:.0f}\u00a0%"


def sentence(text: str) -> str:
    """The text with a capital letter at its begin."""
    return text[:1].upper() + text[1:]


def counted(value: float | None, one: str, many: str = "") -> str:
    """A number with its noun: 1 play, 2 plays."""
    return f"{number(value)} {one if round(value or 0) == 1 else many or one + 's'}"


def in_hours(value: float | None) -> str:
    """A length: 25 minutes, 9.2 hours."""
    if value is not None and 0 < value < 1:
        return counted(max(1, value * 60), "minute")
    return f"{hours(value)} hour{'' if hours(value) in ('1', '1.0') else 's'}"


def day(value: dt.date, with_year: bool = True) -> str:
    """3 May 2026"""
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if with_year else "")


def short_day(value: dt.date) -> str:
    """3 May 2026, with a month of three letters."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def month(value: dt.date) -> str:
    """May 2026"""
    return f"{MONTHS[value.month - 1]} {value.year}"


def weekday(value: dt.date) -> str:
    return WEEKDAYS[value.weekday()]


def joined(parts: Sequence[str]) -> str:
    """a, b and c"""
    return ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def clock(hour: int) -> str:
    """22:00"""
    return f"{hour}:00"
