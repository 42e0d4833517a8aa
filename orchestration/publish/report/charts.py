"""Charts as SVG: Altair describes them, vl-convert draws them, without a browser.

A colour is a CSS variable, so that one drawing serves light and dark pages. Vega passes such a text through discrete
scales only. Each chart is drawn twice, wide and narrow, because its labels would be unreadable when it shrinks.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

import altair as alt
import vl_convert
from markupsafe import Markup

from orchestration.publish.report.html import rendered

WIDE, NARROW, HEIGHT = 940, 296, 210
WIDEST = 90  # pixels of a column
FONT = "system-ui, sans-serif"
INK, LINES = "var(--ink2)", "var(--line)"
_drawings = count(1)


class Column(NamedTuple):
    """A column of a chart, or one part of a stacked one. `label` is what a tooltip and a screen reader say."""

    x: str
    part: str
    value: float
    label: str


class Columns(NamedTuple):
    """Columns in their order. `shown` are the labels of the axis, by x; an x without one has none.

    `per` is the time of a column, month or year, if it stands for one.
    """

    columns: Sequence[Column]
    shown: Mapping[str, str]
    per: str = ""


def picture(text: str, unit: str, parts: Mapping[str, str], wide: Columns, narrow: Columns | None = None) -> Markup:
    """Stacked columns with a legend. `text` says what the picture shows; `parts` are the colours by name of the part.

    Negative values hang below the axis.
    """
    shown = {column.part for column in wide.columns if column.value}
    return rendered(
        "chart.html.j2",
        text=text,
        unit=unit,
        legend={name: colour for name, colour in parts.items() if name in shown} if len(parts) > 1 else {},
        drawings=[
            (name, drawn.per, _svg(_chart(drawn, parts, width)))
            for name, drawn, width in (("wide", wide, WIDE), ("narrow", narrow or wide, NARROW))
        ],
    )


def _chart(drawn: Columns, parts: Mapping[str, str], width: int) -> alt.Chart:
    order = list(dict.fromkeys(column.x for column in drawn.columns))
    names = {x: drawn.shown[x] for x in order if x in drawn.shown}
    labels = "{" + ", ".join(f"{_text(x)}: {_text(name)}" for x, name in names.items()) + "}[datum.value]"
    rows = [
        {
            "x": column.x,
            "part": column.part,
            "value": column.value,
            "label": column.label,
            "order": list(parts).index(column.part),
        }
        for column in drawn.columns
        if column.value
    ]
    axis = alt.Axis(
        values=list(names),
        labelExpr=labels,
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=10,
        ticks=False,
        title=None,
    )
    room = width / len(order)
    padding = max(0.15 if room < 6 else 0.25, 1 - WIDEST / room)
    is_whole = all(column.value == round(column.value) for column in drawn.columns)
    highest = max((column.value for column in drawn.columns), default=0)
    # What left is a number above zero too, and half a play is no mark of an axis.
    values = alt.Axis(
        labelExpr="format(abs(datum.value), ',')",
        tickCount=4,
        values=list(range(int(highest) + 1)) if is_whole and 0 < highest < 5 else alt.Undefined,
        ticks=False,
        domain=False,
        title=None,
    )
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=rows), width=width, height=HEIGHT)
        .mark_bar(cornerRadiusEnd=0 if room < 6 else 2)
        .encode(
            x=alt.X(
                "x:O", sort=None, scale=alt.Scale(domain=order, padding=padding / 2, paddingInner=padding), axis=axis
            ),
            y=alt.Y("value:Q", axis=values),
            color=alt.Color("part:N", scale=alt.Scale(domain=list(parts), range=list(parts.values())), legend=None),
            order=alt.Order("order:Q"),
            description=alt.Description("label:N"),
        )
        .configure(font=FONT, background="transparent", padding=0)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, labelFontSize=12, gridColor=LINES, domainColor=LINES, labelPadding=6, gridDash=[2, 3]
        )
        .configure_axisX(grid=False)
    )
    return chart


def _text(value: str) -> str:
    """A text in Vega's expressions."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _svg(chart: alt.Chart) -> Markup:
    """The SVG of a chart, without what a page need not repeat. Its ids differ from those of other charts."""
    svg = vl_convert.vegalite_to_svg(chart.to_json(indent=None, validate=False))
    number = next(_drawings)
    svg = re.sub(r'\b(id="|url\(#)', rf"\g<1>d{number}-", svg)
    svg = re.sub(r' (xmlns:xlink="[^"]*"|version="1.1"|stroke-width="0"|opacity="1"|pointer-events="none")', "", svg)
    svg = re.sub(r'<path class="(background|foreground)"[^>]*/>', "", svg)
    return Markup(svg)
