"""Random numbers that are the same in every process. Each thing has a generator of its own, seeded by its name."""

import random
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")


def chance(*name: object) -> random.Random:
    """A generator seeded with a text. Python hashes text seeds with SHA-512, so that all processes agree."""
    return random.Random("/".join(map(str, name)))


def pick(draw: random.Random, several: Sequence[One]) -> One:
    """One of several. It is four times as fast as `Random.choice`; a name needs ten of them."""
    return several[int(draw.random() * len(several))]


def skewed(draw: random.Random, count: int, power: float) -> int:
    """A number below `count`. Low numbers are more frequent, so that the first artists are the favourites."""
    return int(count * draw.random() ** power)
