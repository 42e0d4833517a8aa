"""The facts of one year that its page and its pictures show first."""

from dataclasses import dataclass

from markupsafe import Markup

from orchestration.publish.report import known, words
from orchestration.publish.report.html import named
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.overview import Tile

YEAR = "select * from recaps where year = {year}"
MONTHS = """
select month(month_start) as month_number, hours, plays
from listening_by_month
where year(month_start) = {year}
"""
FULLEST_HOUR = """
select weekday, hour_of_day
from listening_by_hour_of_week
where year = {year}
order by hours desc nulls last, plays desc, weekday, hour_of_day
limit 1
"""
FIRST_FIVE = """
select item_type, item_name, creator, plays
from top_lists
where time_range = '{year}' and place <= 5
order by place
"""


@dataclass(frozen=True)
class Recap:
    """`row` is that of the mart `recaps`. `months` are the hours of the twelve months, None before the first data and
    after the last. `notes` say what the numbers cover. `most` says which hour of the week is the fullest, if enough
    days have plays.
    """

    year: int
    row: Row
    months: list[float | None]
    first_five: dict[str, list[Row]]
    notes: list[str]
    most: str
    is_first: bool

    @property
    def subtitle(self) -> Markup:
        hours, artist, show = words.in_hours(self.row["hours"]), self.row["top_artist"], self.row["top_show"]
        if artist:
            others = self.row["artists"] - 1
            more = f" and {words.counted(others, 'other artist')}" if others > 0 else ""
            return named(f"{hours} with {{artist}}{more}", artist=artist)
        return named(f"{hours} with {{show}}", show=show) if show else Markup(f"{hours} of listening")

    @property
    def new_artists(self) -> str:
        """How many artists were new; nothing where none was, and in the first year, in which all are."""
        new = self.row["new_artists"]
        return f"{words.number(new)} of them new" if new and not self.is_first else ""

    @property
    def tiles(self) -> list[Tile]:
        row = self.row
        found = [
            Tile("listened", words.hours(row["hours"]), "hours"),
            Tile("plays", words.number(row["plays"])),
            Tile("artists", words.number(row["artists"]), self.new_artists),
            Tile("tracks", words.number(row["tracks"])),
            Tile("days with a play", words.number(row["days_listened"])),
            Tile("longest streak", words.number(row["longest_streak_days"]), "days in a row"),
        ]
        return [tile for tile in found if tile.value != "0"]

    @property
    def moments(self) -> list[Tile]:
        """Names and days instead of numbers."""
        row = self.row
        found = [
            ("artist of the year", row["top_artist"], ""),
            ("track of the year", row["top_track"], row["top_track_creator"] or ""),
            ("album of the year", row["top_album"], ""),
            ("show of the year", row["top_show"], ""),
            (
                "busiest day",
                words.day(row["busiest_day"], with_year=False) if row["busiest_day"] else None,
                words.in_hours(row["busiest_day_hours"]),
            ),
            ("longest session", words.in_hours(row["longest_session_hours"]), ""),
        ]
        return [Tile(name, value, more) for name, value, more in found if value]


def _has_data(marts: Marts, year: int, month: int) -> bool:
    """Is the month between the first data and the last?"""
    if not marts.span:
        return False
    first, last = ((day.year, day.month) for day in marts.span)
    return first <= (year, month) <= last


def of(marts: Marts, year: int) -> Recap:
    hours = {row["month_number"]: row["hours"] or 0.0 for row in marts.rows(MONTHS.format(year=year))}
    first_five: dict[str, list[Row]] = {}
    for row in marts.rows(FIRST_FIVE.format(year=year)):
        first_five.setdefault(row["item_type"], []).append(row)
    most = [
        f"Fullest hour: {words.WEEKDAYS[row['weekday'] - 1]}s at {words.clock(row['hour_of_day'])}"
        for row in marts.rows(FULLEST_HOUR.format(year=year))
        if known.shows_habits(marts, year)
    ]
    row = marts.row(YEAR.format(year=year))
    return Recap(
        year,
        row,
        [hours.get(month, 0.0) if _has_data(marts, year, month) else None for month in range(1, 13)],
        first_five,
        known.notes(marts, row["hours"], row["hours_estimated"], year),
        "".join(most),
        marts.is_first(year),
    )
