"""Weekday and hour of the day: when the listener listens."""

from orchestration.publish.report import known, words
from orchestration.publish.report.html import rendered
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "week", "When you listen"
HOURS = """
select weekday, hour_of_day, sum(plays)::bigint as plays, sum(hours) as hours
from listening_by_hour_of_week{where}
group by all
order by all
"""


def section(marts: Marts) -> Section:
    return _drawn(marts, HOURS.format(where=""), None)


def of_year(marts: Marts, year: int) -> Section:
    return _drawn(marts, HOURS.format(where=f"\nwhere year = {year}"), year)


def _drawn(marts: Marts, query: str, year: int | None) -> Section:
    rows = [row for row in marts.rows(query) if row["plays"]]
    if not rows:
        return nothing_yet(NAME, LABEL, "The first play fills this section.", query)
    most = max(rows, key=lambda row: (row["hours"] or 0, row["plays"]))
    longest = most["hours"] or 0
    is_habit = known.shows_habits(marts, year)
    by_hour = {(row["weekday"], row["hour_of_day"]): row for row in rows}
    cells = [[by_hour.get((weekday, hour)) for hour in range(24)] for weekday in range(1, 8)]
    # Four equal steps up to the fullest hour.
    step = longest / 4
    keys = ["none", *(f"up to {words.in_hours(step * number)}" for number in range(1, 5))]
    return Section(
        NAME,
        LABEL,
        _title(most, year, is_habit),
        rendered(
            "week.html.j2",
            keys=keys if len(set(keys)) == len(keys) else [],
            weekdays=words.WEEKDAYS,
            rows=[
                [
                    {
                        "level": min(4, 1 + int((row["hours"] or 0) / step)) if row and step else (1 if row else 0),
                        "text": f"{words.in_hours(row['hours'])}, {words.counted(row['plays'], 'play')}"
                        if row
                        else "no play",
                    }
                    for row in week
                ]
                for week in cells
            ],
        ),
        covers="Hours of your clock, by the start of the play. These are the plays that are known."
        + ("" if is_habit else f" Fewer than {known.DAYS_OF_A_HABIT} days have plays, too few to show a habit."),
        numbers=(
            Numbers(
                "Hours listened by weekday and hour of the day",
                ("hour", *words.WEEKDAYS),
                [
                    (words.clock(hour), *((week[hour] or {}).get("hours") or 0.0 for week in cells))
                    for hour in range(24)
                ],
            ),
        ),
        queries=(query,),
    )


def _title(most: Row, year: int | None, is_habit: bool) -> str:
    when = f" in {year}" if year else ""
    weekday, clock = words.WEEKDAYS[most["weekday"] - 1], words.clock(most["hour_of_day"])
    return (
        f"Fullest hour{when}: {weekday}s at {clock}" if is_habit else f"Most hours so far{when}: {weekday} at {clock}"
    )
