"""Top artists, albums and tracks of any year, and of the last weeks and months beside Spotify's own lists."""

from collections.abc import Sequence

from markupsafe import Markup

from orchestration.publish.report import words
from orchestration.publish.report.html import named
from orchestration.publish.report.lists import Bar, Bars, lists, tabs
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "top", "Played most"
LISTS = """
select item_type, time_range, place, item_name, creator, plays, hours, hours_estimated, spotify_place, spotify_read_on
from top_lists
where {where}
order by time_range, item_type, place
"""
SHOWN, IN_NUMBERS = 10, 50
WHERE = f"place <= {SHOWN} or spotify_place <= {SHOWN} or time_range = 'all_time' and place <= {IN_NUMBERS}"
RANGES = {"last_4_weeks": "4 weeks", "last_6_months": "6 months", "last_12_months": "12 months"}
KINDS = {"artist": "Artists", "album": "Albums", "track": "Tracks"}


def section(marts: Marts) -> Section:
    query = LISTS.format(where=WHERE)
    rows = marts.rows(query)
    if not any(row["place"] for row in rows):
        return nothing_yet(NAME, LABEL, "The first play fills this section.", query)
    years = [str(year) for year in marts.years]
    titles = RANGES | {year: year for year in years} | {"all_time": "All years"}
    kinds = [kind for kind in KINDS if any(row["item_type"] == kind for row in rows)] or ["show"]
    panels = [(title, _panel(time_range, rows, kinds)) for time_range, title in titles.items()]
    chosen = list(titles).index(years[0]) if years else len(titles) - 1
    all_time = [row for row in rows if row["time_range"] == "all_time" and row["place"]]
    return Section(
        NAME,
        LABEL,
        _title(rows, years[0] if years else "all_time"),
        tabs(NAME, "Time", chosen, panels),
        covers="Lists of known plays. The last weeks and months end with the newest play. Spotify makes its own lists "
        "of artists and tracks for about the same times. Spotify does not say how it orders them.",
        numbers=[_numbers(kind, all_time) for kind in kinds],
        queries=(query,),
    )


def of_year(marts: Marts, year: int) -> Section:
    query = LISTS.format(where=f"time_range = '{year}' and place <= {IN_NUMBERS}")
    rows = marts.rows(query)
    if not rows:
        return nothing_yet(NAME, LABEL, f"No play of {year} is known.", query)
    kinds = [kind for kind in KINDS if any(row["item_type"] == kind for row in rows)] or ["show"]
    return Section(
        NAME,
        LABEL,
        _title(rows, str(year)),
        lists([_of_plays(kind, rows) for kind in kinds]),
        numbers=[_numbers(kind, rows) for kind in kinds],
        queries=(query,),
    )


def _title(rows: Sequence[Row], time_range: str) -> str:
    first = {row["item_type"]: row for row in rows if row["time_range"] == time_range and row["place"] == 1}
    best = first.get("artist") or first.get("show") or first.get("album") or first.get("track")
    if not best:
        return "Your favourites"
    when = f"in {time_range}" if time_range != "all_time" else "of all"
    plays = words.counted(best["plays"], "play")
    return named(f"{{name}}: {plays} {when}, more than any other", name=words.name(best["item_name"]))


def _panel(time_range: str, rows: Sequence[Row], kinds: Sequence[str]) -> Markup:
    own = [row for row in rows if row["time_range"] == time_range]
    found = [_of_plays(kind, own) for kind in kinds]
    if time_range in RANGES:
        found += [_of_spotify(kind, own) for kind in ("artist", "track")]
    return lists(found)


def _of_plays(kind: str, rows: Sequence[Row]) -> Bars:
    chosen = [row for row in rows if row["item_type"] == kind and (row["place"] or SHOWN + 1) <= SHOWN]
    bars = [Bar(row["item_name"], [row["creator"]], words.number(row["plays"]), row["plays"]) for row in chosen]
    return Bars(KINDS.get(kind, "Shows"), "plays", bars)


def _of_spotify(kind: str, rows: Sequence[Row]) -> Bars:
    chosen = sorted(
        (row for row in rows if row["item_type"] == kind and (row["spotify_place"] or SHOWN + 1) <= SHOWN),
        key=lambda row: row["spotify_place"],
    )
    bars = [Bar(row["item_name"], [row["creator"]], f"yours: {row['place'] or 'none'}") for row in chosen]
    day = f"read {words.short_day(chosen[0]['spotify_read_on'])}" if chosen and chosen[0]["spotify_read_on"] else ""
    return Bars(f"Spotify's {KINDS[kind].lower()}", day, bars, "Spotify's list was not read")


def _numbers(kind: str, rows: Sequence[Row]) -> Numbers:
    chosen = [row for row in rows if row["item_type"] == kind]
    creators = [[row["creator"] or ""] if kind in ("album", "track") else [] for row in chosen]
    return Numbers(
        f"{KINDS.get(kind, 'Shows')}, the first {IN_NUMBERS}",
        ("name", *(["of"] if any(creators) else []), "plays", "hours", "of which estimated"),
        [
            (words.name(row["item_name"]), *creator, row["plays"], row["hours"] or 0.0, row["hours_estimated"] or 0.0)
            for row, creator in zip(chosen, creators, strict=True)
        ],
    )
