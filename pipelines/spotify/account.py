"""Whose account: the tokens of the settings, with the age of the consent behind them."""

import datetime as dt

from pipelines.settings import Settings
from pipelines.spotify import token_store as token_file
from pipelines.spotify.auth import Tokens, consent_warning
from pipelines.values import BadSetting, naive_utc


def tokens_of(settings: Settings) -> tuple[Tokens, str | None]:
    """Tokens, and a warning when the consent ends within 30 days. Raises ConsentNeeded, BadSetting."""
    file = None if settings.is_demo else settings.token_file
    tokens = Tokens(settings.client_id, settings.client_secret, settings.refresh_token, settings.accounts_url, file)
    if not tokens.client_id:
        raise BadSetting("SPOTIFY_CLIENT_ID is not set; it stands on your app's page at developer.spotify.com")
    return tokens, consent_warning(consented_at(settings), settings.now)


def consented_at(settings: Settings) -> dt.datetime | None:
    """When the listener consented: told beside the refresh token, or kept by `make login`."""
    if settings.is_demo or settings.refresh_token:
        return settings.consented_at
    kept = token_file.read(settings.token_file).get("consented_at")
    return naive_utc(dt.datetime.fromisoformat(kept)) if kept else None
