"""Names that look like a setting and are none. They would have no effect, so a run refuses them."""

import difflib
import re
from collections.abc import Iterable

from pipelines.settings.fields import BadSetting

# A name with this share of its letters in the order of a setting is a misspelled one. AWS_DEFAULT_REGION has 0.71 of
# AWS_REGION, DEMO_DAY has 0.94 of DEMO_DAYS.
LIKENESS = 0.8
ASSIGNMENT = re.compile(r"(\w+)=")


def refuse_misspelled(names: Iterable[str], settings: Iterable[str], where: str) -> None:
    """Raise BadSetting for the first name that is close to a setting without being one. Other names are no mistake."""
    known = set(settings)
    for name in names:
        close = difflib.get_close_matches(name.upper(), known, 1, LIKENESS)
        if name not in known and close:
            raise BadSetting(f"{where} sets {name}, which is no setting; did you mean {close[0]}?")


def make_arguments(flags: str) -> list[str]:
    """The names that were given to make (`make elt DEMO_DAYS=3`). `flags` is make's own variable MAKEFLAGS.

    make writes them after `--` and puts a backslash before each space of a value.
    """
    _, _, words = f" {flags}".partition(" -- ")
    found = (ASSIGNMENT.match(word) for word in re.split(r"(?<!\\)\s+", words))
    return [match[1] for match in found if match]
