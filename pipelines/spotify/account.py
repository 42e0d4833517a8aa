"""The account that the settings choose: its tokens, and the time of its consent."""

import datetime as dt
import re

from pipelines.raw.clock import naive_utc
from pipelines.settings import BadSetting, Settings
from pipelines.spotify.auth import Tokens, consent_warning
from pipelines.spotify.token_store import token_store

SPOTIFY_ACCOUNTS = "https://accounts.spotify.com"
CLIENT_ID = re.compile(r"[0-9a-f]{32}")


def tokens_of(settings: Settings) -> tuple[Tokens, str | None]:
    """Tokens, and a warning when the consent ends within 30 days. Raises ConsentNeeded, BadSetting."""
    store = None if settings.is_demo else token_store(settings.token_file, settings.region)
    tokens = Tokens(settings.client_id, settings.client_secret, settings.refresh_token, settings.accounts_url, store)
    if not tokens.client_id:
        raise BadSetting("SPOTIFY_CLIENT_ID is not set; copy it from the page of your app at developer.spotify.com")
    check_client_id(tokens.client_id, settings)
    return tokens, consent_warning(consented_at(settings), settings.now)


def check_client_id(client_id: str, settings: Settings) -> None:
    """Raise BadSetting for a client id that Spotify cannot have given. Other servers have ids of other forms."""
    if settings.accounts_url == SPOTIFY_ACCOUNTS and not CLIENT_ID.fullmatch(client_id):
        raise BadSetting(
            f"{client_id[:60]!r} is no client id: one has 32 signs, 0 to 9 and a to f; "
            "copy it from the page of your app at developer.spotify.com/dashboard (SPOTIFY_CLIENT_ID)"
        )


def consented_at(settings: Settings) -> dt.datetime | None:
    """UTC time of the consent: from SPOTIFY_CONSENTED_AT, or as `make login` stored it."""
    if settings.is_demo or settings.refresh_token:
        return settings.consented_at
    stored = token_store(settings.token_file, settings.region).read().get("consented_at")
    return naive_utc(dt.datetime.fromisoformat(stored)) if stored else None
