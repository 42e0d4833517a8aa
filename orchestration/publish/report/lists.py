"""Lists with bars: artists, tracks, shows, and what else has a name and a number."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orchestration.publish.report.html import rendered


@dataclass(frozen=True)
class Bar:
    """One line: a name, a second line in small letters, the text at its end, and the number that the bar shows.

    `more` are the parts of the second line. Each may have its own direction of writing; None is left out.
    """

    name: str | None
    more: Sequence[str | None]
    text: str
    value: float = 0

    @property
    def parts(self) -> list[str]:
        return [part for part in self.more if part]


@dataclass(frozen=True)
class Bars:
    """A list with its heading; `unit` says what the texts count. `empty` stands in place of a list without lines."""

    heading: str
    unit: str
    bars: Sequence[Bar]
    empty: str = "nothing yet"

    @property
    def longest(self) -> float:
        return max((bar.value for bar in self.bars), default=0) or 1


def lists(found: Sequence[Bars]) -> Markup:
    """Lists side by side; on a phone one below the other."""
    return rendered("lists.html.j2", lists=found)


def tabs(name: str, legend: str, chosen: int, panels: Sequence[tuple[str, Markup]]) -> Markup:
    """One of several panels, chosen with radio buttons, which need no script."""
    return rendered("tabs.html.j2", name=name, legend=legend, chosen=chosen, panels=panels)
