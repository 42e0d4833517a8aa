"""Podcasts and audiobooks."""

from collections.abc import Sequence

from markupsafe import Markup

from orchestration.publish.report import charts, words
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.months import drawings
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "podcasts", "Podcasts and audiobooks"
MONTHS = """
select month_start, hours, hours_of_episodes, hours_of_audiobooks, plays_of_episodes, plays_of_audiobooks
from listening_by_month{where}
order by month_start
"""
SHOWS = """
select item_name, creator, plays, hours
from top_lists
where item_type = 'show' and time_range = '{time_range}' and place is not null
order by place
limit 10
"""
PARTS = {"podcasts": "var(--c1)", "audiobooks": "var(--c2)"}


def section(marts: Marts) -> Section:
    return _drawn(marts, MONTHS.format(where=""), SHOWS.format(time_range="all_time"), "all your hours", True)


def of_year(marts: Marts, year: int) -> Section:
    months = MONTHS.format(where=f"\nwhere year(month_start) = {year}")
    return _drawn(marts, months, SHOWS.format(time_range=year), f"your hours in {year}", False)


def _drawn(marts: Marts, months: str, shows: str, whole: str, has_chart: bool) -> Section:
    rows = marts.rows(months)
    plays = sum((row["plays_of_episodes"] or 0) + (row["plays_of_audiobooks"] or 0) for row in rows)
    if not plays:
        return nothing_yet(
            NAME,
            LABEL,
            "No play of an episode or chapter is known. Only exports have them; `make import` reads one.",
            months,
            shows,
        )
    spoken = sum((row["hours_of_episodes"] or 0) + (row["hours_of_audiobooks"] or 0) for row in rows)
    total = sum(row["hours"] or 0 for row in rows)
    names = marts.rows(shows)
    chart = Markup()
    if has_chart:
        values = {row["month_start"]: (row["hours_of_episodes"] or 0, row["hours_of_audiobooks"] or 0) for row in rows}
        chart = charts.picture(
            "Hours of podcasts and audiobooks, by time", "hours", PARTS, *drawings(values, list(PARTS), _label)
        )
    return Section(
        NAME,
        LABEL,
        words.sentence(f"{words.share(spoken, total)} of {whole} were podcasts and audiobooks"),
        chart + lists([_shows(names)]),
        covers="Only exports have plays of episodes and chapters; polls never show them.",
        numbers=(
            Numbers(
                "Podcasts and audiobooks by month",
                ("month", "plays of episodes", "hours of episodes", "plays of audiobooks", "hours of audiobooks"),
                [
                    (
                        words.month(row["month_start"]),
                        row["plays_of_episodes"],
                        row["hours_of_episodes"] or 0.0,
                        row["plays_of_audiobooks"],
                        row["hours_of_audiobooks"] or 0.0,
                    )
                    for row in reversed(rows)
                ],
            ),
        ),
        queries=(months, shows),
    )


def _label(name: str, values: Sequence[float]) -> str:
    episodes, audiobooks = values
    return f"{name}: {words.in_hours(episodes)} of podcasts, {words.in_hours(audiobooks)} of audiobooks"


def _shows(rows: list[Row]) -> Bars:
    bars = [
        Bar(
            row["item_name"],
            [row["creator"], words.in_hours(row["hours"])],
            words.number(row["plays"]),
            row["plays"],
        )
        for row in rows
    ]
    return Bars("Shows played most", "plays", bars)
