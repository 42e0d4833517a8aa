"""A year in days: twelve small months, coloured by hours."""

import datetime as dt
from typing import Any

from orchestration.publish.report import words
from orchestration.publish.report.html import rendered
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "calendar", "Day by day"
# With these statuses of fct_coverage_days a day without plays was a day without listening.
SURE = ("complete", "at least")
DAYS = """
select
    dates.date_day,
    coalesce(listening.plays, 0) as plays,
    coalesce(listening.hours, 0) as hours,
    coverage.status
from dim_dates as dates
left join listening_by_day as listening on dates.date_day = listening.played_on
left join fct_coverage_days as coverage on dates.date_day = coverage.day
where dates.year = {year}
order by dates.date_day
"""


def section(marts: Marts) -> Section:
    if not marts.years:
        return nothing_yet(NAME, LABEL, "The first play fills this section.")
    return of_year(marts, marts.years[0])


def of_year(marts: Marts, year: int) -> Section:
    query = DAYS.format(year=year)
    days = marts.rows(query)
    known = {row["date_day"]: row for row in days}
    heard = [row for row in days if row["plays"]]
    if not heard:
        return nothing_yet(NAME, LABEL, f"No play of {year} is known.", query)
    least = levels([row["hours"] for row in heard])
    busiest = max(heard, key=lambda row: row["hours"])
    silent = [row for row in days if _is_silent(row)]
    not_known = [row for row in days if _is_not_known(row)]
    of = words.counted(len(heard) + len(silent), "known day" if not_known else "day")
    most = f"{words.weekday(busiest['date_day'])} {words.day(busiest['date_day'], with_year=False)}"
    title = f"{year}: you listened on {words.number(len(heard))} of {of}, most on {most}"
    if len(heard) == 1:
        title = f"{year}: you listened on {most}"
    return Section(
        NAME,
        LABEL,
        title,
        rendered(
            "calendar.html.j2",
            keys=["none", *_keys(least)],
            has_not_known=bool(not_known),
            months=[_month(dt.date(year, month, 1), known, least) for month in range(1, 13)],
            weekdays=words.WEEKDAYS,
        ),
        covers=_covers(busiest, len(not_known)),
        numbers=(
            Numbers(
                f"Days of {year} with plays",
                ("day", "plays", "hours", "known"),
                [(words.day(row["date_day"]), row["plays"], row["hours"], row["status"] or "") for row in heard],
            ),
        ),
        queries=(query,),
    )


def _is_silent(row: Row) -> bool:
    return not row["plays"] and row["status"] in SURE


def _is_not_known(row: Row) -> bool:
    """Nothing was seen on this day, and plays may be missing. A day outside all sources has no status."""
    return not row["plays"] and row["status"] is not None and row["status"] not in SURE


def _covers(busiest: Row, not_known: int) -> str:
    found = f"Busiest day: {words.in_hours(busiest['hours'])}. "
    if not_known:
        what = f"{words.counted(not_known, 'day')} {'is' if not_known == 1 else 'are'} not known"
        found += f"{what}: no play was seen, but plays may be missing. A day with a play counts as a known day. "
    return found + (
        "Days begin at midnight on your clock, and a play belongs to the day of its start. A day that is only a frame "
        "is before the first data or after the last."
    )


def levels(hours: list[float]) -> list[float]:
    """Hours from which a day has the second, third and fourth colour: quarters of the days, in half hours."""
    ordered = sorted(hours)
    found: list[float] = []
    for quarter in (1, 2, 3):
        least = round(ordered[len(ordered) * quarter // 4] * 2) / 2
        found.append(max(least, found[-1] + 0.5 if found else 0.5))
    return found


def _keys(least: list[float]) -> list[str]:
    first, second, third = (f"{hours:g}" for hours in least)
    return [f"under {first} h", f"{first} to {second} h", f"{second} to {third} h", f"{third} h and more"]


def _month(first: dt.date, known: dict[dt.date, Row], least: list[float]) -> dict[str, Any]:
    """Weeks from Monday to Sunday; None is a day of another month."""
    following = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    cells: list[dict[str, Any] | None] = [None] * first.weekday()
    for number in range((following - first).days):
        day = first + dt.timedelta(days=number)
        look, text = _look(known.get(day), least)
        cells.append({"day": day.day, "look": look, "text": text})
    cells += [None] * (-len(cells) % 7)
    return {
        "name": words.MONTHS[first.month - 1],
        "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)],
    }


def _look(row: Row | None, least: list[float]) -> tuple[str, str]:
    """The class of a day in the style sheet and its words; without a class it is only a frame."""
    if row is None or (row["status"] is None and not row["plays"]):
        return "", ""
    if _is_not_known(row):
        return "not-known", "not known"
    if not row["plays"]:
        return "h0", "no play"
    level = 1 + sum(row["hours"] >= hours for hours in least)
    return f"h{level}", f"{words.in_hours(row['hours'])}, {words.counted(row['plays'], 'play')}"
