"""Pictures of a year that people send to friends: PNG, wide for a link, portrait for a phone."""

import unicodedata
from collections.abc import Sequence

import vl_convert

from orchestration.publish.report import words
from orchestration.publish.report.html import rendered
from orchestration.publish.report.recap import Recap

# vl-convert brings this font. Signs that it lacks come from the fonts of the machine.
FONT = "Liberation Sans"
SHAPES = {"wide": "share_wide.svg.j2", "portrait": "share_portrait.svg.j2"}


def file_name(year: int, shape: str) -> str:
    return f"{year}-{shape}.png"


def picture(recap: Recap, shape: str) -> bytes:
    """The picture of a year as PNG, in one of the shapes."""
    return vl_convert.svg_to_png(drawing(recap, shape))


def drawing(recap: Recap, shape: str) -> str:
    """The picture as SVG."""
    row = recap.row
    kinds = [("artist", "Artists"), ("track", "Tracks"), ("show", "Shows")]
    lists = [(title, recap.first_five[kind]) for kind, title in kinds if kind in recap.first_five]
    return rendered(
        SHAPES[shape],
        font=FONT,
        year=recap.year,
        hours=words.hours(row["hours"]),
        unit="hour" if words.hours(row["hours"]) == "1.0" else "hours",
        facts=[
            words.counted(row["plays"], "play"),
            *([words.counted(row["artists"], "artist")] if row["artists"] else []),
            *([recap.new_artists] if recap.new_artists else []),
        ],
        lists=lists,
        bars=_bars(recap.months),
        most=recap.most,
        notes=recap.notes,
        fitted=fitted,
    )


def _bars(months: Sequence[float | None]) -> list[tuple[str, float | None]]:
    """The letter of each month, and its hours as a share of the fullest month; None without data."""
    fullest = max((hours for hours in months if hours is not None), default=0) or 1
    return [
        (words.MONTHS[number][0], None if hours is None else hours / fullest) for number, hours in enumerate(months)
    ]


def fitted(text: str | None, width: float, size: float) -> str:
    """The text, cut with an ellipsis where it is wider than the width. Widths of signs are rough."""
    found = " ".join(words.name(text).split())
    room, used = width / size - 1, 0.0
    for at, sign in enumerate(found):
        used += 1.05 if unicodedata.east_asian_width(sign) in "WF" else 0.9 if sign in "mwMWÆŒ@%" else 0.6
        if used > room and len(found) > at + 2:
            return found[:at].rstrip() + "…"
    return found
