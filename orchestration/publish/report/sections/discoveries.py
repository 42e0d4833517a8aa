"""What was new, and what stayed: artists that were played for the first time, and artists of every year."""

from orchestration.publish.report import charts, words
from orchestration.publish.report.charts import Column, Columns
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "discoveries", "Discoveries and loyalty"
YEARS = """
select year, artists, new_artists, new_artist_share as share_of_plays
from recaps
where artists > 0{where}
order by year
"""
FOUND = """
select item_name, first_played_on, plays
from discoveries
where item_type = 'artist' and first_year = {year}
order by plays desc, item_key
limit 10
"""
LOYAL = """
select item_name, count(*) as years, sum(plays)::bigint as plays
from top_lists
where item_type = 'artist' and place <= 100 and time_range in (select cast(year as varchar) from recaps)
group by item_key, item_name
having count(*) > 1
order by years desc, plays desc
limit 10
"""
PARTS = {"new": "var(--c2)", "known from years before": "var(--c1)"}


def section(marts: Marts) -> Section:
    query = YEARS.format(where="")
    years = marts.rows(query)
    if not years:
        return nothing_yet(NAME, LABEL, "The first play of a track fills this section.", query)
    newest = years[-1]
    found = FOUND.format(year=newest["year"])
    loyal = marts.rows(LOYAL)
    return Section(
        NAME,
        LABEL,
        _title(newest, is_first=len(years) == 1),
        charts.picture(
            "Artists played in each year, new ones and others",
            "artists",
            PARTS,
            Columns(
                [column for row in years for column in _columns(row, is_first=row is years[0])],
                {str(row["year"]): str(row["year"]) for row in years},
                "year",
            ),
        )
        + lists([_found(marts.rows(found), newest["year"]), _loyal(loyal)]),
        covers="New means: no earlier play is known. So in the first known year everything is new.",
        numbers=(
            Numbers(
                "Artists by year",
                ("year", "artists", "new artists", "share of plays of new artists"),
                [
                    (str(row["year"]), row["artists"], row["new_artists"], words.share(row["share_of_plays"]))
                    for row in reversed(years)
                ],
            ),
        ),
        queries=(query, found, LOYAL),
    )


def of_year(marts: Marts, year: int) -> Section:
    query, found = YEARS.format(where=f" and year = {year}"), FOUND.format(year=year)
    rows = marts.rows(query)
    if not rows or not rows[0]["new_artists"]:
        return nothing_yet(NAME, "Discoveries", f"No artist was new in {year}.", query)
    new = marts.rows(found)
    return Section(
        NAME,
        "Discoveries",
        _title(rows[0], is_first=marts.is_first(year)),
        lists([_found(new, year)]),
        covers="New means: no earlier play is known.",
        numbers=(
            Numbers(
                f"Artists that were new in {year}",
                ("artist", "first play", "plays since then"),
                [(words.name(row["item_name"]), words.day(row["first_played_on"]), row["plays"]) for row in new],
            ),
        ),
        queries=(query, found),
    )


def _title(row: Row, is_first: bool) -> str:
    if is_first:
        return f"{words.counted(row['artists'], 'artist')} in {row['year']}, the first year that is known"
    new = words.counted(row["new_artists"], "new artist")
    return f"{new} in {row['year']}, in {words.share(row['share_of_plays'])} of your plays of music"


def _columns(row: Row, is_first: bool) -> list[Column]:
    year = str(row["year"])
    label = f"{year}: {words.counted(row['artists'], 'artist')}"
    if not is_first:
        label += f", of which {words.number(row['new_artists'])} new"
    return [
        Column(year, "new", row["new_artists"], label),
        Column(year, "known from years before", row["artists"] - row["new_artists"], label),
    ]


def _found(rows: list[Row], year: int) -> Bars:
    bars = [
        Bar(row["item_name"], [f"since {words.day(row['first_played_on'])}"], words.number(row["plays"]), row["plays"])
        for row in rows
    ]
    return Bars(f"Found in {year}", "plays since then", bars)


def _loyal(rows: list[Row]) -> Bars:
    bars = [
        Bar(
            row["item_name"],
            [f"in your top 100 of {row['years']} different years"],
            words.number(row["plays"]),
            row["plays"],
        )
        for row in rows
    ]
    return Bars("Stayed with you", "plays", bars, "from the second year on")
