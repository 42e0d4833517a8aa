"""What is skipped, and what never is."""

from orchestration.publish.report import words
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "skips", "Skips"
YEARS = """
select year, sum(plays_known_end)::bigint as plays, sum(skips)::bigint as skips
from skips
where item_type = 'artist'{where}
group by all
order by year desc
"""
ITEMS = """
select item_type, item_name, creator, sum(plays_known_end)::bigint as plays, sum(skips)::bigint as skips
from skips{where}
group by item_type, item_key, item_name, creator
"""
SKIPPED = """
from ({items})
where skips > 0
qualify row_number() over (partition by item_type order by skips desc, item_name) <= 10
order by item_type, skips desc, item_name
"""
LOVED = """
from ({items})
where skips = 0
qualify row_number() over (partition by item_type order by plays desc, item_name) <= 10
order by item_type, plays desc, item_name
"""


def section(marts: Marts) -> Section:
    return _drawn(marts, None)


def of_year(marts: Marts, year: int) -> Section:
    return _drawn(marts, year)


def _drawn(marts: Marts, year: int | None) -> Section:
    years = YEARS.format(where=f" and year = {year}" if year else "")
    items = ITEMS.format(where=f"\nwhere year = {year}" if year else "").strip().replace("\n", "\n    ")
    skipped, loved = SKIPPED.format(items=items), LOVED.format(items=items)
    rows = marts.rows(years)
    plays, skips = (sum(row[name] for row in rows) for name in ("plays", "skips"))
    if not plays:
        return nothing_yet(
            NAME, LABEL, "Only an extended export says how a play ended; `make import` reads it.", years, skipped, loved
        )
    most, never = marts.rows(skipped), marts.rows(loved)
    when = f" in {year}" if year else ""
    return Section(
        NAME,
        LABEL,
        f"You skipped {words.share(skips, plays) if skips else 'none'} of the tracks that you began{when}",
        lists(
            [
                _bars("Artists skipped most", "skips", most, "artist"),
                _bars("Tracks skipped most", "skips", most, "track"),
                _bars("Tracks never skipped", "times started", never, "track"),
            ]
        ),
        covers=f"In extended exports, tracks were {_started(plays)}. Short plays are among them. "
        "A skip is a play that you ended before the track did.",
        numbers=(
            Numbers(
                "Skips by year",
                ("year", "times started", "skips", "share"),
                [
                    (str(row["year"]), row["plays"], row["skips"], words.share(row["skips"], row["plays"]))
                    for row in rows
                ],
            ),
        ),
        queries=(years, skipped, loved),
    )


def _started(times: int) -> str:
    """Skips are counted among all plays, so these are more than the plays of the rest of the page."""
    return f"started {words.counted(times, 'time')}"


def _bars(heading: str, unit: str, rows: list[Row], kind: str) -> Bars:
    bars = []
    for row in rows:
        if row["item_type"] == kind:
            of = _started(row["plays"]) if unit == "skips" else None
            more = [row["creator"] if kind == "track" else None, of]
            value = row["skips"] if unit == "skips" else row["plays"]
            bars.append(Bar(row["item_name"], more, words.number(value), value))
    return Bars(heading, unit, bars, "none")
