"""Times are naive UTC in all tables, records and settings."""

import datetime as dt


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def as_text(moment: dt.datetime | str) -> str:
    """A time for people: `2026-11-26 13:05 UTC`. Also takes the ISO text of a record. Naive times are UTC."""
    found = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{naive_utc(found):%Y-%m-%d %H:%M} UTC"


def time_of_day(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """A naive UTC time as the clock of a zone shows it: `13:05`."""
    return f"{moment.replace(tzinfo=dt.UTC).astimezone(zone):%H:%M}"


def naive_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment as naive UTC; a time without a zone is taken as UTC."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
