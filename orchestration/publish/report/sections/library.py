"""What came into the library and what left it."""

from collections.abc import Sequence

from markupsafe import Markup

from orchestration.publish.report import charts, words
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.months import drawings
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "library", "Your library"
# What the first read found without a time of Spotify's is no change.
CHANGES = """
select *
from fct_library_changes as changes
where
    is_time_from_spotify
    or observed_at > (
        select min(observed_at) from fct_library_changes as others where others.item_type = changes.item_type
    )
"""
MONTHS = """
with changes as ({changes})

select
    date_trunc('month', changed_at)::date as month_start,
    count(*) filter (change_type = 'added') as added,
    count(*) filter (change_type = 'removed') as removed
from changes{where}
group by all
order by all
"""
NEWEST = """
with changes as ({changes})

select
    changes.change_type,
    changes.item_type,
    changes.changed_at::date as changed_on,
    coalesce(
        tracks.track_name, albums.album_name, artists.artist_name, shows.show_name, episodes.episode_name,
        audiobooks.audiobook_name
    ) as item_name,
    case changes.item_type
        when 'track' then tracks.primary_artist_name
        when 'album' then albums.artist_names
        when 'episode' then episodes.show_name
    end as creator
from changes
left join dim_tracks as tracks on changes.item_type = 'track' and changes.item_id = tracks.track_id
left join dim_albums as albums on changes.item_type = 'album' and changes.item_id = albums.album_id
left join dim_artists as artists on changes.item_type = 'artist' and changes.item_id = artists.artist_id
left join dim_shows as shows on changes.item_type = 'show' and changes.item_id = shows.show_id
left join dim_episodes as episodes on changes.item_type = 'episode' and changes.item_id = episodes.episode_id
left join dim_audiobooks as audiobooks
    on changes.item_type = 'audiobook' and changes.item_id = audiobooks.audiobook_id{where}
qualify row_number() over (partition by change_type order by changed_at desc, changes.item_id) <= 8
order by change_type, changed_at desc, changes.item_id
"""
PARTS = {"came in": "var(--c1)", "left": "var(--c2)"}


def section(marts: Marts) -> Section:
    return _drawn(marts, "", "")


def of_year(marts: Marts, year: int) -> Section:
    return _drawn(marts, f"\nwhere year(changed_at) = {year}", f" in {year}")


def _drawn(marts: Marts, where: str, when: str) -> Section:
    changes = CHANGES.strip().replace("\n", "\n    ")
    months, newest = MONTHS.format(changes=changes, where=where), NEWEST.format(changes=changes, where=where)
    rows = marts.rows(months)
    if not rows:
        return nothing_yet(
            NAME, LABEL, "The first saved track, album, show or followed artist fills this.", months, newest
        )
    came, left = (sum(row[name] for row in rows) for name in ("added", "removed"))
    items = marts.rows(newest)
    chart = Markup()
    if not where:
        values = {row["month_start"]: (row["added"], -row["removed"]) for row in rows}
        chart = charts.picture(
            "Items that came in and left, by time", "items", PARTS, *drawings(values, list(PARTS), _label)
        )
    return Section(
        NAME,
        LABEL,
        f"{words.counted(came, 'item')} came in{when}, {words.number(left) if left else 'none'} left",
        chart + lists([_items("Came in last", items, "added"), _items("Left last", items, "removed")]),
        covers="Tracks, albums, shows, episodes, audiobooks and followed artists. Spotify tells when an item was "
        "saved. A removal, and an artist that you follow, have the time of the read that saw it. What was removed "
        "before the first read is not known.",
        numbers=(
            Numbers(
                "Changes of the library by month (UTC)",
                ("month", "came in", "left"),
                [(words.month(row["month_start"]), row["added"], row["removed"]) for row in reversed(rows)],
            ),
        ),
        queries=(months, newest),
    )


def _label(name: str, values: Sequence[float]) -> str:
    came, left = values
    return f"{name}: {words.counted(came, 'item')} came in, {words.number(-left)} left"


def _items(heading: str, rows: list[Row], change_type: str) -> Bars:
    bars = [
        Bar(row["item_name"], [row["creator"] or row["item_type"]], words.short_day(row["changed_on"]))
        for row in rows
        if row["change_type"] == change_type
    ]
    return Bars(heading, "day", bars, "nothing was seen to leave" if change_type == "removed" else "nothing yet")
