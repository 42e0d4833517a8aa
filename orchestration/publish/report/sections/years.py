"""Hours and plays by month over all years."""

from orchestration.publish.report import charts, words
from orchestration.publish.report.charts import Column, Columns
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "years", "Over the years"
MONTHS = """
select month_start, plays, hours, hours_estimated, tracks, artists
from listening_by_month
where plays > 0{where}
order by month_start
"""
PARTS = {"known": "var(--c1)", "estimated": "var(--c2)"}
# A narrow drawing has room for so many months.
NARROW_MONTHS = 36


def section(marts: Marts) -> Section:
    query = MONTHS.format(where="")
    months = marts.rows(query)
    if not months:
        return nothing_yet(NAME, LABEL, "The first play fills this section.", query)
    years: dict[int, float] = {}
    for row in months:
        years[row["month_start"].year] = years.get(row["month_start"].year, 0) + (row["hours"] or 0)
    best = max(years, key=lambda year: years[year])
    if len(years) > 1:
        title = f"{best} was your biggest year: {words.in_hours(years[best])}"
    else:
        title = f"{words.in_hours(years[best])} in {best}"
    return _drawn(months, title, query, by_year=len(months) > NARROW_MONTHS)


def of_year(marts: Marts, year: int) -> Section:
    query = MONTHS.format(where=f" and year(month_start) = {year}")
    months = marts.rows(query)
    if not months:
        return nothing_yet(NAME, LABEL, f"No play of {year} is known.", query)
    best = max(months, key=lambda row: row["hours"] or 0)
    name = words.MONTHS[best["month_start"].month - 1]
    return _drawn(
        months, f"{name} was your biggest month: {words.in_hours(best['hours'])}", query, label="Month by month"
    )


def _drawn(months: list[Row], title: str, query: str, by_year: bool = False, label: str = LABEL) -> Section:
    total, estimated = (sum(row[name] or 0 for row in months) for name in ("hours", "hours_estimated"))
    return Section(
        NAME,
        label,
        title,
        charts.picture(
            f"Hours listened by month: {title}",
            "hours a month" + (", on narrow screens hours a year" if False else ""),
            PARTS,
            by_months(months, "hours", "hours_estimated", "hours"),
            by_years(months, "hours", "hours_estimated", "hours") if by_year else None,
        ),
        covers=estimates(total, estimated),
        numbers=(
            Numbers(
                "Listening by month",
                ("month", "plays", "hours", "of which estimated", "different tracks", "different artists"),
                [
                    (
                        words.month(row["month_start"]),
                        row["plays"],
                        row["hours"] or 0.0,
                        row["hours_estimated"] or 0.0,
                        row["tracks"],
                        row["artists"],
                    )
                    for row in reversed(months)
                ],
            ),
        ),
        queries=(query,),
    )


def estimates(total: float, estimated: float) -> str:
    """How much of some hours is an estimate, and why."""
    if not estimated:
        return "Hours are the time that you heard, from exports."
    return (
        f"{words.share(estimated, total)} of these hours are estimates: the Web API says that you played something, "
        "not for how long. The estimate is the length of the track, or the time since the play before if that is shorter."
    )


def by_months(months: list[Row], value: str, estimated: str, unit: str) -> Columns:
    """A column a month, also for months without plays. The axis names years, or months when there is one year only."""
    known = {row["month_start"]: row for row in months}
    first, last = min(known), max(known)
    every = [
        first.replace(year=year, month=month)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= first.replace(year=year, month=month) <= last or first.year == last.year
    ]
    columns = [
        column
        for month in every
        for column in _parts(str(month), words.month(month), known.get(month), value, estimated, unit)
    ]
    if first.year == last.year:
        return Columns(columns, {str(month): words.MONTHS[month.month - 1][:3] for month in every})
    return Columns(columns, {str(month): str(month.year) for month in every if month.month == 1 or month == first})


def by_years(months: list[Row], value: str, estimated: str, unit: str) -> Columns:
    """A column a year."""
    years: dict[str, Row] = {}
    for row in months:
        year = years.setdefault(str(row["month_start"].year), {value: 0.0, estimated: 0.0})
        for name in (value, estimated):
            year[name] += row[name] or 0
    columns = [
        column for year, row in sorted(years.items()) for column in _parts(year, year, row, value, estimated, unit)
    ]
    return Columns(columns, {year: year for year in years})


def _parts(x: str, name: str, row: Row | None, value: str, estimated: str, unit: str) -> list[Column]:
    total, guessed = ((row or {}).get(column) or 0.0 for column in (value, estimated))
    more = f", of which {words.hours(guessed)} estimated" if guessed else ""
    label = f"{name}: {words.hours(total)} {unit}{more}"
    return [Column(x, "known", total - guessed, label), Column(x, "estimated", guessed, label)]
