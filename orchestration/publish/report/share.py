"""Pictures of a year that people send to friends: PNG, wide for a link, portrait for a phone."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import vl_convert

from orchestration.publish.report import words
from orchestration.publish.report.html import rendered
from orchestration.publish.report.marts import Marts
from orchestration.publish.report.recap import Recap

# vl-convert brings this font. Signs that it lacks come from the fonts of the machine.
FONT = "Liberation Sans"
ONE_SIGN = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="{FONT}"><text y="30">%s</text></svg>'
)
UNASSIGNED = "\u0378"  # Unicode gives it no meaning, so no font has it
NAMES = """
select distinct item_name
from top_lists
where place <= 5 and item_type <> 'album' and time_range in (select cast(year as varchar) from recaps)
"""
SHAPES = {"wide": "share_wide.svg.j2", "portrait": "share_portrait.svg.j2"}


def file_name(year: int, shape: str) -> str:
    return f"{year}-{shape}.png"


def picture(recap: Recap, shape: str) -> bytes:
    """The picture of a year as PNG, in one of the shapes."""
    return vl_convert.svg_to_png(drawing(recap, shape))


@cache
def is_box(sign: str) -> bool:
    """Is the sign drawn like one that no font has? Takes about 2 ms."""
    return not sign.isascii() and vl_convert.svg_to_png(ONE_SIGN % sign) == vl_convert.svg_to_png(ONE_SIGN % UNASSIGNED)


def drawable(text: str) -> str:
    """The text without symbols that no font has, such as emoji. Letters stay, and so does a text of symbols only."""
    # XML forbids most control signs, and a drawing with one of them fails.
    kinds = {sign: unicodedata.category(sign) for sign in text}
    allowed = "".join(sign for sign in " ".join(text.split()) if kinds.get(sign) not in ("Cc", "Cn", "Cs"))
    return "".join(sign for sign in allowed if kinds.get(sign, "")[:1] != "S" or not is_box(sign)).strip() or allowed


def names_with_boxes(marts: Marts) -> int:
    """How many names in the pictures of all years have signs that no font of this machine has."""
    return sum(any(map(is_box, drawable(words.name(row["item_name"])))) for row in marts.rows(NAMES))


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
    found = drawable(words.name(text))
    room, used = width / size - 1, 0.0
    for at, sign in enumerate(found):
        used += 1.05 if unicodedata.east_asian_width(sign) in "WF" else 0.9 if sign in "mwMWÆŒ@%" else 0.6
        if used > room and len(found) > at + 2:
            return found[:at].rstrip() + "…"
    return found
