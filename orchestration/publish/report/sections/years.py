"""Hours and plays by month over all years."""

from collections.abc import Sequence

from orchestration.publish.report import charts, words
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.months import drawings
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "years", "Over the years"
MONTHS = """
select month_start, plays, hours, hours_estimated, tracks, artists
from listening_by_month
where plays > 0{where}
order by month_start
"""
PARTS = {"known": "var(--c1)", "estimated": "var(--c2)"}


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
    return _drawn(months, title, query)


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


def _drawn(months: list[Row], title: str, query: str, label: str = LABEL) -> Section:
    total, estimated = (sum(row[name] or 0 for row in months) for name in ("hours", "hours_estimated"))
    values = {
        row["month_start"]: ((row["hours"] or 0) - (row["hours_estimated"] or 0), row["hours_estimated"] or 0)
        for row in months
    }
    return Section(
        NAME,
        label,
        title,
        charts.picture("Hours listened, by time", "hours", PARTS, *drawings(values, list(PARTS), _label)),
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
    return words.sentence(
        f"{words.share(estimated, total)} of these hours are estimates: the Web API says that you played something, "
        "not for how long. The estimate is the length of the track, or the time since the play before if that is "
        "shorter."
    )


def _label(name: str, values: Sequence[float]) -> str:
    known, estimated = values
    more = f", of which {words.hours(estimated)} estimated" if estimated else ""
    return f"{name}: {words.in_hours(known + estimated)}{more}"
