"""What the tables say about the history: the days known by source, the gaps, what polls hide, and what to do next."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from pipelines.raw.clock import as_text

# The words of fct_coverage_days.status in the order of the line.
STATUS = {
    "complete": "complete (extended export)",
    "at least": "at least (one-year export)",
    "polled": "polled",
    "in part": "in part",
    "gap": "with an open gap",
    "unknown": "unknown",
}
DAYS = "select status, count(*), min(day) from marts.fct_coverage_days group by status"
SHARE = "select sum(plays_shown)::bigint, sum(plays_compared)::bigint from marts.fct_coverage_days"
GAPS = """
    select
        count(*) filter (closed_by is null),
        count(*) filter (closed_by = 'one_year'),
        count(*) filter (is_closed),
        sum(hours_open) filter (closed_by is null),
        max({'from': gap_from, 'until': gap_until}) filter (closed_by is null)
    from marts.fct_play_gaps
"""
COUNTED = """
    select rule, plays, hours_played, hours_estimated, plays_of_album_artists from marts.play_definitions where is_used
"""
REQUEST = (
    "ask Spotify for your extended streaming history (spotify.com/account/privacy, Download your data; it takes up to "
    "30 days), then `make import FILE=my_spotify_data.zip`"
)


def coverage_lines(file: Path, gaps_in_lake: int, is_demo: bool) -> list[tuple[str, str]]:
    """Lines for `make status`, each with its label. Empty when the file has no such tables or cannot be read now.

    `gaps_in_lake` is the number of gaps that the lake has: runs since the last build may have found more.
    """
    if not file.exists():
        return []
    try:
        with duckdb.connect(str(file), read_only=True) as db:
            questions = (DAYS, SHARE, GAPS, COUNTED)
            days, (shares,), (gaps,), (counted,) = (db.execute(each).fetchall() for each in questions)
    except duckdb.Error:
        return []
    if not days:
        return []
    rule, plays, known, estimated, of_album_artists = counted
    found = [
        ("counted", f"{plays:,} plays ({rule}): {known:,.0f} hours known, {estimated:,.0f} estimated"),
        ("coverage", _days(days)),
        ("gaps", _gaps(gaps, gaps_in_lake)),
    ]
    if shares[1]:
        found.append(("polls", _share(*shares)))
    if of_album_artists:
        found.append(
            ("artists", f"{of_album_artists:,} of these plays count for the artist of the album: no other is known")
        )
    if advice := "" if is_demo else _advice({status: count for status, count, _ in days}, gaps[0]):
        found.append(("next", advice))
    return found


def length(time: dt.timedelta) -> str:
    """A time in whole hours, or in days when it is two days or more."""
    hours = max(round(time.total_seconds() / 3600), 1)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    return f"{hours} hour{'s' if hours > 1 else ''}"


def _days(rows: list[Any]) -> str:
    counts = {status: count for status, count, _ in rows}
    parts = ", ".join(f"{counts[status]:,} {words}" for status, words in STATUS.items() if status in counts)
    return f"{sum(counts.values()):,} days since {min(row[2] for row in rows)}: {parts}"


def _gaps(row: tuple[Any, ...], in_lake: int) -> str:
    is_open, at_least, closed, hours, last = row
    parts = []
    if is_open:
        times = f"{as_text(last['from'])} to {as_text(last['until'])}"
        parts.append(
            f"{is_open} open, {length(dt.timedelta(hours=hours))} in which plays may be missing, the last {times}"
        )
    if at_least:
        parts.append(f"{at_least} closed by a one-year export, which lacks some plays")
    if closed:
        parts.append(f"{closed} closed by an extended export")
    if (new := in_lake - is_open - at_least - closed) > 0:
        parts.append(f"{new} found since the last build")
    return "; ".join(parts) or "none known"


def _share(shown: int, compared: int) -> str:
    return f"{shown / compared:.0%} of your plays of 30 s or more appear in polls ({shown:,} of {compared:,})"


def _advice(days: dict[str, int], open_gaps: int) -> str:
    if open_gaps:
        return f"to close the gaps, {REQUEST}"
    if "complete" not in days:
        return f"to know every play of the past, {REQUEST}"
    return ""
