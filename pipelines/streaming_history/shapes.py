"""The two packages of the account data export, told apart by the keys of their records, never by a name.

Seen in exports from 2020 to 2026: six generations of the extended history, and three kinds of files of the one-year
package. Keys that are not named here hold personal data, and nothing reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.raw.table import Table
from pipelines.streaming_history.tables import ONE_YEAR_STREAMS, STREAMS

# A file that had to be read record by record holds this key in place of a record that could not be read.
UNREADABLE = "_unreadable"
SIGNS: Mapping[str, tuple[frozenset[str], ...]] = {
    "extended": (frozenset({"ts", "ms_played"}),),
    "one_year": (
        frozenset({"endTime", "trackName", "msPlayed"}),
        frozenset({"endTime", "podcastName", "msPlayed"}),
        frozenset({"endTime", "audiobookName", "msPlayed"}),
    ),
}


@dataclass(frozen=True)
class Package:
    """A package, its raw table, and the keys of its records that are read."""

    name: str
    table: Table
    fields: tuple[str, ...]


def _sent(table: Table, *others: str) -> tuple[str, ...]:
    ours = {"file_id", "content_type", "is_video", "started_at", *others}
    return tuple(column.name for column in table.columns if column.name not in ours)


EXTENDED = Package("extended", STREAMS, _sent(STREAMS))
ONE_YEAR = Package(
    "one_year",
    ONE_YEAR_STREAMS,
    (
        *("endTime", "msPlayed", "trackName", "artistName", "podcastName", "episodeName"),
        *("audiobookName", "chapterName", "authorName"),
    ),
)
PACKAGES = (EXTENDED, ONE_YEAR)


def package_of(keys: Iterable[str]) -> Package | None:
    """The package whose records have these keys; None for other records."""
    found = set(keys)
    return next((package for package in PACKAGES if any(signs <= found for signs in SIGNS[package.name])), None)
