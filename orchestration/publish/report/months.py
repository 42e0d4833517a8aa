"""Charts with a column for each month, or for each year where months are too many for the width."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from orchestration.publish.report import words
from orchestration.publish.report.charts import Column, Columns

# A narrow drawing has room for so many columns, a wide one for so many.
NARROW_MONTHS, WIDE_MONTHS = 36, 240
Values = Mapping[dt.date, Sequence[float]]
Label = Callable[[str, Sequence[float]], str]


def drawings(values: Values, parts: Sequence[str], label: Label) -> tuple[Columns, Columns]:
    """The wide and the narrow drawing. `values` has a value for each part, by first day of the month."""
    months, years = _by_months(values, parts, label), _by_years(values, parts, label)
    count = len(every_month(min(values), max(values)))
    return (months if count <= WIDE_MONTHS else years), (months if count <= NARROW_MONTHS else years)


def every_month(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of all months from the first to the last; of a single year all twelve."""
    if first.year == last.year:
        return [dt.date(first.year, month, 1) for month in range(1, 13)]
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def _by_months(values: Values, parts: Sequence[str], label: Label) -> Columns:
    months = every_month(min(values), max(values))
    is_one_year = months[0].year == months[-1].year
    return Columns(
        [
            column
            for month in months
            for column in _columns(str(month), words.month(month), values.get(month, ()), parts, label)
        ],
        {
            str(month): words.MONTHS[month.month - 1][:3] if is_one_year else str(month.year)
            for month in months
            if is_one_year or month.month == 1 or (month == months[0] and month.month < 10)
        },
        "month",
    )


def _by_years(values: Values, parts: Sequence[str], label: Label) -> Columns:
    years: dict[int, list[float]] = {year: [0.0] * len(parts) for year in range(min(values).year, max(values).year + 1)}
    for month, found in values.items():
        years[month.year] = [sum(pair) for pair in zip(years[month.year], found, strict=True)]
    return Columns(
        [column for year, found in years.items() for column in _columns(str(year), str(year), found, parts, label)],
        {str(year): str(year) for year in years},
        "year",
    )


def _columns(x: str, name: str, values: Sequence[float], parts: Sequence[str], label: Label) -> list[Column]:
    known = values or [0.0] * len(parts)
    return [Column(x, part, value, label(name, known)) for part, value in zip(parts, known, strict=True)]
