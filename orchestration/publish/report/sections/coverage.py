"""Which days are known from which source, and where plays may be missing."""

import datetime as dt
from collections import Counter

from orchestration.publish.report import words
from orchestration.publish.report.html import rendered
from orchestration.publish.report.marts import Marts
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "coverage", "What is known"
MONTHS = """
select date_trunc('month', day)::date as month_start, status, count(*) as days
from fct_coverage_days
group by all
order by all
"""
GAPS = """
select first_day, hours_open, gap_from, gap_until
from fct_play_gaps
where closed_by is null
order by hours_open desc
limit 20
"""
# The statuses of fct_coverage_days, best first: words, colour.
STATUSES = {
    "complete": ("every play known (extended export)", "var(--c1)"),
    "at least": ("most plays known (one-year export)", "var(--h2)"),
    "polled": ("polls only: at least these plays", "var(--c4)"),
    "in part": ("known in part", "var(--c3)"),
    "gap": ("plays missing", "var(--c2)"),
    "unknown": ("not read", "var(--line)"),
}


def section(marts: Marts) -> Section:
    months = marts.rows(MONTHS)
    if not months:
        return nothing_yet(NAME, LABEL, "The first poll or import fills this section.", MONTHS)
    gaps = marts.rows(GAPS)
    by_month: dict[dt.date, Counter[str]] = {}
    for row in months:
        by_month.setdefault(row["month_start"], Counter())[row["status"]] = row["days"]
    total: Counter[str] = sum(by_month.values(), Counter())
    years = sorted({month.year for month in by_month}, reverse=True)
    return Section(
        NAME,
        LABEL,
        _title(total),
        rendered(
            "coverage.html.j2",
            legend={text: colour for status, (text, colour) in STATUSES.items() if total[status]},
            months=[month[:3] for month in words.MONTHS],
            years=[(year, [_cell(by_month.get(dt.date(year, month, 1))) for month in range(1, 13)]) for year in years],
        ),
        covers=_covers(total, len(gaps)),
        numbers=(
            Numbers(
                "Days by month and what is known of them",
                ("month", *STATUSES),
                [
                    (words.month(month), *(days[status] for status in STATUSES))
                    for month, days in sorted(by_month.items(), reverse=True)
                ],
            ),
            *(
                [
                    Numbers(
                        "The longest gaps in which plays may be missing (UTC)",
                        ("from", "until", "hours"),
                        [
                            (
                                f"{row['gap_from']:%Y-%m-%d %H:%M}",
                                f"{row['gap_until']:%Y-%m-%d %H:%M}",
                                row["hours_open"],
                            )
                            for row in gaps
                        ],
                    )
                ]
                if gaps
                else []
            ),
        ),
        queries=(MONTHS, GAPS),
    )


def _title(total: Counter[str]) -> str:
    days, complete = sum(total.values()), total["complete"]
    if complete == days:
        return f"Every play of {words.counted(days, 'day')} is known"
    if complete:
        return f"Every play is known for {words.number(complete)} of {words.counted(days, 'day')}"
    missing = total["gap"] + total["in part"] + total["unknown"]
    if missing:
        return f"Plays may be missing on {words.number(missing)} of {words.counted(days, 'day')}"
    return f"{words.counted(days, 'day')} known, none of them completely"


def _covers(total: Counter[str], gaps: int) -> str:
    found = f"{words.counted(gaps, 'open gap')} between polls. " if gaps else "No open gap between polls. "
    if total["complete"] < sum(total.values()):
        found += "An extended export from Spotify makes days complete; `make import` reads it."
    return found


def _cell(days: Counter[str] | None) -> dict[str, str] | None:
    """The colours of a month as a bar, and its words."""
    if not days:
        return None
    stops, at = [], 0.0
    for status, (_, colour) in STATUSES.items():
        width = 100 * days[status] / days.total()
        if width:
            stops.append(f"{colour} {at:.0f}% {at + width:.0f}%")
            at += width
    text = ", ".join(f"{words.counted(days[status], 'day')} {status}" for status in STATUSES if days[status])
    return {"colours": ", ".join(stops), "text": text}
