"""One file for each section of the report: its query, its title and its picture."""

from collections.abc import Callable

from orchestration.publish.report.marts import Marts
from orchestration.publish.report.section import Section
from orchestration.publish.report.sections import calendar, coverage, hours_of_week, years

OF_REPORT: tuple[Callable[[Marts], Section], ...] = (
    calendar.section,
    hours_of_week.section,
    years.section,
    coverage.section,
)
OF_YEAR: tuple[Callable[[Marts, int], Section], ...] = (
    years.of_year,
    calendar.of_year,
    hours_of_week.of_year,
)
