"""One file for each section of the report: its query, its title and its picture."""

from collections.abc import Callable

from orchestration.publish.report.marts import Marts
from orchestration.publish.report.section import Section
from orchestration.publish.report.sections import (
    calendar,
    coverage,
    discoveries,
    hours_of_week,
    library,
    playlists,
    podcasts,
    skips,
    streaks,
    top,
    years,
)

OF_REPORT: tuple[Callable[[Marts], Section], ...] = (
    calendar.section,
    top.section,
    hours_of_week.section,
    years.section,
    discoveries.section,
    streaks.section,
    skips.section,
    podcasts.section,
    library.section,
    playlists.section,
    coverage.section,
)
OF_YEAR: tuple[Callable[[Marts, int], Section], ...] = (
    top.of_year,
    years.of_year,
    calendar.of_year,
    hours_of_week.of_year,
    discoveries.of_year,
    skips.of_year,
    podcasts.of_year,
    library.of_year,
)
