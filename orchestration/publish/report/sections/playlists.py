"""What entered the playlists and what left them."""

from orchestration.publish.report import words
from orchestration.publish.report.lists import Bar, Bars, lists
from orchestration.publish.report.marts import Marts, Row
from orchestration.publish.report.section import Numbers, Section, nothing_yet

NAME, LABEL = "playlists", "Your playlists"
PLAYLISTS = """
select
    playlist_name,
    count(*) filter (is_current) as items,
    count(*) as entered,
    count(*) filter (left_by_at is not null) as left_again,
    max(entered_at)::date as newest_entry
from fct_playlist_memberships
left join dim_playlists using (playlist_id)
group by playlist_id, playlist_name
order by items desc, playlist_name
"""
NEWEST = """
select
    stays.{time}::date as on_day,
    coalesce(tracks.track_name, episodes.episode_name) as item_name,
    coalesce(tracks.primary_artist_name, episodes.show_name) as creator,
    playlists.playlist_name
from fct_playlist_memberships as stays
left join dim_playlists as playlists on stays.playlist_id = playlists.playlist_id
left join dim_tracks as tracks on stays.track_id = tracks.track_id
left join dim_episodes as episodes on stays.item_type = 'episode' and stays.item_id = episodes.episode_id
where stays.{time} is not null
order by stays.{time} desc, stays.membership_id
limit 8
"""
SHOWN = 8


def section(marts: Marts) -> Section:
    came, left = NEWEST.format(time="entered_at"), NEWEST.format(time="left_by_at")
    rows = marts.rows(PLAYLISTS)
    if not rows:
        return nothing_yet(NAME, LABEL, "The first item in a playlist fills this section.", PLAYLISTS, came, left)
    items, left_again = (sum(row[name] for row in rows) for name in ("items", "left_again"))
    gone = f"{words.number(left_again)} left" if left_again else "none left"
    return Section(
        NAME,
        LABEL,
        f"{words.counted(len(rows), 'playlist')} with {words.counted(items, 'item')}; {gone}",
        lists(
            [
                Bars(
                    "Largest playlists",
                    "items now",
                    [
                        Bar(
                            row["playlist_name"],
                            [f"{words.number(row['left_again'])} left" if row["left_again"] else None],
                            words.number(row["items"]),
                            row["items"],
                        )
                        for row in rows[:SHOWN]
                    ],
                ),
                _items("Entered last", marts.rows(came), "nothing yet"),
                _items("Left last", marts.rows(left), "nothing was seen to leave"),
            ]
        ),
        covers="Playlists whose items Spotify shows. The day on which an item left is the day of the "
        "first read without it.",
        numbers=(
            Numbers(
                "Playlists",
                ("playlist", "items now", "entered", "left", "newest entry"),
                [
                    (
                        words.name(row["playlist_name"]),
                        row["items"],
                        row["entered"],
                        row["left_again"],
                        str(row["newest_entry"] or ""),
                    )
                    for row in rows
                ],
            ),
        ),
        queries=(PLAYLISTS, came, left),
    )


def _items(heading: str, rows: list[Row], empty: str) -> Bars:
    bars = [
        Bar(
            row["item_name"],
            [row["creator"], row["playlist_name"]],
            words.short_day(row["on_day"]),
        )
        for row in rows
    ]
    return Bars(heading, "day", bars, empty)
