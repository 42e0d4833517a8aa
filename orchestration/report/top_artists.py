"""The artists in the summary of a run: Spotify's own list of four weeks, and beside it the list of the known plays."""

from typing import Any

from rich.table import Table

from orchestration.report.console import echo, out
from orchestration.warehouses.warehouse import Warehouse

SHOWN = 6
COLUMNS = ("place", "spotify_place", "artist", "plays", "hours", "plays_known", "known_since")
QUESTION = f"""
    select
        lists.place, lists.spotify_place, lists.item_name, lists.plays, lists.hours, days.plays_known, days.known_since
    from marts.top_lists as lists
    cross join (
        select coalesce(cast(sum(plays_of_tracks) as bigint), 0) as plays_known, min(played_on) as known_since
        from marts.listening_by_day
        where plays_of_tracks > 0 and played_on >= (
            select min(range_from) from marts.top_lists where time_range = 'last_4_weeks'
        )
    ) as days
    where lists.item_type = 'artist' and lists.time_range = 'last_4_weeks'
        and (lists.place <= {SHOWN} or lists.spotify_place <= {SHOWN})
    order by lists.place, lists.spotify_place, lists.item_key
"""


def read(tables: Warehouse) -> list[dict[str, Any]]:
    """One dictionary per artist that is among the first in one of the two lists, with the columns `COLUMNS`."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in tables.rows(QUESTION)]


def print_lists(rows: list[dict[str, Any]], time_zone: str) -> None:
    """Print both lists side by side, with what the known plays cover."""
    first = rows[0]
    since = f" since {first['known_since']} {time_zone}" if first["known_since"] else ""
    echo(f"\nmost played: Spotify's four weeks, and {int(first['plays_known']):,} known plays{since}", style="bold")
    table = Table(box=None, pad_edge=False)
    for name in ("place", "Spotify's four weeks", "known plays", "plays", "hours"):
        table.add_column(name, justify="right" if name in ("place", "plays", "hours") else "left", header_style="dim")
    theirs = {row["spotify_place"]: row["artist"] for row in rows}
    ours = {row["place"]: row for row in rows}
    for place in range(1, SHOWN + 1):
        known = ours.get(place)
        figures = (known["artist"], str(known["plays"]), f"{float(known['hours']):.1f}") if known else ("", "", "")
        if known or place in theirs:
            table.add_row(str(place), theirs.get(place) or "", *figures)
    out.print(table)
