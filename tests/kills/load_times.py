"""The times of the loads of one run, when a test sets the clock that dlt makes load ids of."""

from collections.abc import Callable
from itertools import count

BETWEEN_LOADS_S = 0.5


def load_times(first: float) -> Callable[[], float]:
    """A clock for the load ids of one run, in epoch seconds. The n-th load gets the n-th time."""
    return count(first, BETWEEN_LOADS_S).__next__
