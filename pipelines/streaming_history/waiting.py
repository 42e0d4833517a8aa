"""The folder `data/imports`: archives that wait for the next run."""

from pipelines.settings import Settings
from pipelines.streaming_history.archive import Archive


def is_due(settings: Settings) -> bool:
    return False


def archives_of(settings: Settings) -> list[Archive]:
    return []
