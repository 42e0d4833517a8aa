"""One object, read in every run."""

from collections.abc import Iterator

from pipelines.novelty import Rows
from pipelines.spotify.listing import Page, Reading


def profile(reading: Reading) -> Iterator[Rows]:
    """The signed-in user, shown to the lake first: it belongs to one account."""
    found = reading.run.api.get(reading.listing.path)
    reading.run.admit(found)
    rows, _ = reading.take(Page([found], 0, None, None))
    reading.report.is_whole = True
    yield rows
