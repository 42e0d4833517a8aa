"""The signed-in user: one object, read in every run."""

from collections.abc import Iterator

from pipelines.raw.changes import Rows
from pipelines.spotify.sync.page import Page
from pipelines.spotify.sync.reader import ResourceReader


def profile(reader: ResourceReader) -> Iterator[Rows]:
    """The profile, which the run requests once."""
    rows, _ = reader.take(Page([reader.run.profile()], 0, None, None))
    reader.report.is_whole = True
    yield rows
