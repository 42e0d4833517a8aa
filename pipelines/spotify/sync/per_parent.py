"""Playlist items: a playlist is read whole when its snapshot has changed, and not otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipelines.raw.changes import Rows
from pipelines.raw.contract import ContractBroken
from pipelines.spotify.errors import BrokenPage, BudgetSpent, Locked, Refused, ResourceStopped, RunEnded
from pipelines.spotify.sync.reader import Page, Position, Reading, prefetch

REFUSALS = (403, 404)
# Every further call would meet the same.
FOR_ALL = (Locked, BudgetSpent, RunEnded)


@dataclass
class Playlist:
    """One playlist's pages as far as they were read, and what ended them."""

    playlist_id: str
    snapshot_id: str
    pages: list[Page] = field(default_factory=list)
    ended_by: Exception | None = None

    @property
    def filled(self) -> dict[str, str]:
        return {"playlist_id": self.playlist_id, "snapshot_id": self.snapshot_id}


def when_changed(reading: Reading) -> Iterator[Rows]:
    """Reads the playlists whose `snapshot_id` differs from the one last read to its end, or last refused."""
    state, handles = reading.state, reading.run.handles
    read_to_end: dict[str, str] = state.setdefault("snapshots", {})
    partial: dict[str, Any] = state.setdefault("partial", {})
    if reading.run.handles_are_whole:
        for playlist_id in read_to_end.keys() - handles.keys():
            del read_to_end[playlist_id]
    changed = [
        Playlist(playlist_id, snapshot_id)
        for playlist_id, snapshot_id in handles.items()
        if reading.run.full or read_to_end.get(playlist_id) != snapshot_id
    ]
    if not changed:
        has_user_message = reading.run.handles_are_whole
        reason = "no snapshot has changed" if has_user_message else "the list of playlists was not read"
        reading.report.outcome, reading.report.reason = "not due", reason
    for tombstones in partial.keys() - handles.keys():
        del partial[tombstones]
    stops: list[Exception] = []
    refused = 0
    for playlist in prefetch(lambda each: _read(reading, each, partial.get(each.playlist_id), stops), changed):
        try:
            for page in playlist.pages:
                rows, _ = reading.take(page, playlist.filled)
                yield rows
                partial[playlist.playlist_id] = {"snapshot_id": playlist.snapshot_id, "offset": page.following}
        except (ContractBroken, BrokenPage) as error:
            playlist.ended_by = error
        if isinstance(playlist.ended_by, Refused) and playlist.ended_by.status in REFUSALS:
            yield _concluded(reading, playlist, "refused", playlist.ended_by.status)
            refused += 1
            reading.report.reason = f"{refused} playlists do not show their items; asked again when they change"
        elif playlist.ended_by:
            stops.append(playlist.ended_by)
            offset = partial.get(playlist.playlist_id, {}).get("offset", 0)
            reading.report.resume_from = reading.report.resume_from or f"{playlist.playlist_id} {offset}"
            continue
        elif len({page.total for page in playlist.pages}) == 1:
            yield _concluded(reading, playlist, "read", None)
        partial.pop(playlist.playlist_id, None)
    if stops:
        # One playlist's trouble is its own; what closes the whole group is the reason to tell.
        raise next((stop for stop in stops if isinstance(stop, FOR_ALL)), stops[0])


def _read(reading: Reading, playlist: Playlist, begun: dict[str, Any] | None, stops: list[Exception]) -> Playlist:
    """Runs in a worker: asks only, and leaves rows and state to the run's own thread."""
    is_same = begun is not None and begun["snapshot_id"] == playlist.snapshot_id
    offset: Position | None = begun["offset"] if begun and is_same else 0
    try:
        while offset is not None:
            for stop in stops:
                if isinstance(stop, FOR_ALL):
                    raise stop
            page = reading.page(offset, playlist.filled)
            playlist.pages.append(page)
            offset = page.following
    except FOR_ALL as stop:
        playlist.ended_by = stop
        stops.append(stop)
    except ResourceStopped as stop:
        playlist.ended_by = stop
    return playlist


def _concluded(reading: Reading, playlist: Playlist, outcome: str, status: int | None) -> Rows:
    """Marks the snapshot as read to its end, or as one that Spotify does not show."""
    reading.state["snapshots"][playlist.playlist_id] = playlist.snapshot_id
    total = playlist.pages[-1].total if playlist.pages else None
    return reading.run.changes.of(
        [("playlist_snapshots", playlist.filled | {"outcome": outcome, "http_status": status, "items_total": total})]
    )
