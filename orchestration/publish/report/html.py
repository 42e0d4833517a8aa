"""The templates of the pages. They escape all values, because names of music hold any sign."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.publish.report import words

TEMPLATES = Path(__file__).parent / "templates"


def code(text: str) -> Markup:
    """Text in which `words between backticks` are code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def named(text: str, **names: str | None) -> Markup:
    """A sentence with names in its {fields}. Each keeps its direction of writing and leaves that of the sentence."""
    return Markup(text).format(**{field: Markup("<bdi>{}</bdi>").format(name) for field, name in names.items()})


def environment(folder: Path) -> Environment:
    """The templates of a folder, with the filters that all pages use."""
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (
        words.number,
        words.hours,
        words.share,
        words.day,
        words.month,
        words.counted,
        words.name,
        code,
        cell,
    ):
        found.filters[function.__name__] = function
    return found


def cell(value: Any) -> str:
    """A value of a table."""
    if value is None:
        return ""
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


ENVIRONMENT = environment(TEMPLATES)


def rendered(template: str, **values: Any) -> Markup:
    """The text of a template with these values."""
    return Markup(ENVIRONMENT.get_template(template).render(values))


def source(name: str) -> Markup:
    """A style sheet or a script, to be put into a page as it is."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))
