"""The big numbers at the top of a page."""

from dataclasses import dataclass

from orchestration.publish.report import words
from orchestration.publish.report.marts import Marts

TOTALS = """
select
    sum(plays)::bigint as plays,
    sum(hours) as hours,
    count(*) filter (plays > 0) as days
from listening_by_day
"""
DISCOVERED = """
select
    count(*) filter (item_type = 'artist') as artists,
    count(*) filter (item_type = 'track') as tracks
from discoveries
"""
STREAK = "select max(days) as days from streaks"


@dataclass(frozen=True)
class Tile:
    """A big number with its name; `more` explains it in a few words."""

    name: str
    value: str
    more: str = ""


def of_all_years(marts: Marts) -> list[Tile]:
    totals, discovered = marts.row(TOTALS), marts.row(DISCOVERED)
    if not totals["plays"]:
        return []
    streak = marts.row(STREAK)["days"]
    return [
        Tile("listened", words.hours(totals["hours"]), "hours"),
        Tile("plays", words.number(totals["plays"])),
        Tile("artists", words.number(discovered["artists"])),
        Tile("tracks", words.number(discovered["tracks"])),
        Tile("days with a play", words.number(totals["days"])),
        Tile("longest streak", words.number(streak), "day in a row" if streak == 1 else "days in a row"),
    ]
