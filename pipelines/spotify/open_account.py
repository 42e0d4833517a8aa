"""The Spotify account while a load reads it."""

from typing import Any

from pipelines.lake.source import LoadContext, SourceResult
from pipelines.raw.changes import ChangeFilter
from pipelines.raw.values import fit_text
from pipelines.spotify.account import tokens_of
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.profile import account_ids
from pipelines.spotify.run import Run
from pipelines.spotify.tables import TABLES


class OpenSpotify:
    """An account whose profile was read. `pipelines.lake.source.OpenSource` describes the methods."""

    def __init__(self, context: LoadContext, first: tuple[str, ...]) -> None:
        settings = context.settings
        self._tokens, warning = tokens_of(settings)
        self._warnings = [warning] if warning else []
        api = SpotifyClient(self._tokens, settings.api_url, settings.max_calls, context.on_wait)
        changes = ChangeFilter(TABLES, context.row_hashes, settings.now)
        self._run = Run(api, changes, settings.now, context.full, context.on_progress, first=first)
        profile = self._run.profile()
        self.account_ids = account_ids(profile)
        self._account = fit_text(profile.get("display_name")) or profile["id"]
        self._mode = "extended-quota mode" if "followers" in profile else "development mode"

    def dlt_source(self) -> Any:
        from pipelines.spotify.source import spotify

        return spotify(self._tokens.client_id, "", run=self._run)

    def result(self) -> SourceResult:
        run = self._run
        return SourceResult(
            self._account,
            self._mode,
            run.reports,
            dict(run.changes.appended),
            dict(run.api.budget.by_endpoint),
            self._tokens.calls,
            self._warnings,
            run.ended,
        )
