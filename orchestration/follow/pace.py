"""When the next poll is due, and how many calls are left. Pure functions of times: no file, no clock.

All times are naive UTC. The calls of the last 24 hours count, not those of a calendar day: so neither midnight nor a
change to summer time gives new calls.
"""

import datetime as dt
from collections.abc import Mapping

MOST_CALLS = 300
# The most that one poll may take: a token, the profile after a new login, and three pages.
MOST_OF_A_POLL = 5
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)

# How often a poll is due, until how long after the end of the last play. A quiet day costs 48 polls and 24 tokens.
BANDS = ((15 * MINUTE, 4 * MINUTE), (2 * HOUR, 10 * MINUTE), (dt.timedelta.max, 30 * MINUTE))
# Who listens day and night gets fewer polls in time, so that the calls last for 24 hours.
SLOWER = ((240, 30 * MINUTE), (200, 12 * MINUTE), (140, 6 * MINUTE))
# A run that somebody else starts every hour comes first.
EVERY_HOUR = 65 * MINUTE
# On Athena each statement is billed, and a build has dozens.
LEAST_BETWEEN_BUILDS = {"dev": 4 * MINUTE, "prod": HOUR}
# A build takes at most this share of the time, also with the history of many years.
SHARE_OF_BUILDS = 1 / 20


def next_poll(last: dt.datetime | None, newest_play: dt.datetime | None, calls: int, now: dt.datetime) -> dt.datetime:
    """When the next poll is due. `last` is the last time at which anybody read recently played.

    A time after `now` was made with a wrong clock and does not count.
    """
    if last is None or last > now:
        return now
    least = next((every for limit, every in SLOWER if calls >= limit), dt.timedelta())
    for longest, every in BANDS:
        due = last + max(every, least)
        if newest_play is not None and due - newest_play <= longest:
            return due
    return last + max(BANDS[-1][1], least)


def hour_of(now: dt.datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"


def calls_of_a_day(hours: Mapping[str, int], now: dt.datetime) -> dict[str, int]:
    """The calls by hour of the last 24 hours and of the hour in which these began.

    An hour after `now` was counted with a wrong clock. Its calls were made before now, so they count for this hour.
    """
    kept: dict[str, int] = {}
    first, this = hour_of(now - DAY), hour_of(now)
    for hour, calls in hours.items():
        if hour >= first:
            hour = min(hour, this)
            kept[hour] = kept.get(hour, 0) + calls
    return kept


def may_poll(calls: int) -> bool:
    """Whether the calls of the last 24 hours leave enough for a poll."""
    return calls + MOST_OF_A_POLL <= MOST_CALLS


def next_build(
    new_at: dt.datetime | None, built_at: dt.datetime | None, seconds: float, target: str
) -> dt.datetime | None:
    """When the tables are built again; None while they have everything. `seconds` is what the last build took."""
    if new_at is None or (built_at and built_at >= new_at):
        return None
    pause = max(LEAST_BETWEEN_BUILDS[target], dt.timedelta(seconds=seconds / SHARE_OF_BUILDS))
    return built_at + pause if built_at else new_at
