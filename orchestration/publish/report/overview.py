"""The big numbers at the top of a page."""

from dataclasses import dataclass

from orchestration.publish.report import known, words
from orchestration.publish.report.marts import Marts

TOTALS = """
select
    sum(plays)::bigint as plays,
    sum(hours) as hours,
    sum(hours_estimated) as hours_estimated,
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


@dataclass(frozen=True)
class Overview:
    """Big numbers, and sentences that say what they cover."""

    tiles: list[Tile]
    notes: list[str]


def of_all_years(marts: Marts) -> Overview:
    totals, discovered = marts.row(TOTALS), marts.row(DISCOVERED)
    if not totals["plays"]:
        return Overview([], ["`make elt` reads your account, and `make import` brings the history of all years."])
    streak = marts.row(STREAK)["days"]
    tiles = [
        Tile("listened", words.hours(totals["hours"]), "hours"),
        Tile("plays", words.number(totals["plays"])),
        Tile("artists", words.number(discovered["artists"])),
        Tile("tracks", words.number(discovered["tracks"])),
        Tile("days with a play", words.number(totals["days"])),
        Tile("longest streak", words.number(streak), "day in a row" if streak == 1 else "days in a row"),
    ]
    return Overview(
        [tile for tile in tiles if tile.value != "0"],
        known.notes(marts, totals["hours"], totals["hours_estimated"]),
    )
