"""`make login` and `make logout`."""

import datetime as dt
import sys
import threading
import webbrowser

from orchestration.report.summary import echo, relative_path
from pipelines.raw.clock import utc_now
from pipelines.settings import BadSetting, Settings
from pipelines.spotify.auth import Tokens, consent_ends_at
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.login import authorize, redirect_address
from pipelines.spotify.resources import SCOPES
from pipelines.spotify.token_store import TokenStore, token_store


def login(settings: Settings) -> int:
    """Consent in the browser, keep the tokens, and read the profile once to see that they work."""
    store = token_store(settings.token_file, settings.region)
    # Read the store in any case: a store that cannot be reached must fail before the browser opens.
    stored = _stored_client_id(store)
    client_id = settings.client_id or stored or _asked(settings)
    answer = authorize(
        client_id,
        settings.client_secret,
        settings.accounts_url,
        settings.redirect_port,
        lambda address: _show(address, settings),
    )
    tokens = {
        "client_id": client_id,
        "refresh_token": answer["refresh_token"],
        "scope": answer.get("scope", ""),
        "consented_at": utc_now().isoformat(timespec="seconds"),
    }
    store.write(tokens)
    profile = SpotifyClient(
        Tokens(client_id, settings.client_secret, "", settings.accounts_url, store), settings.api_url
    ).get("me")
    ends_at = consent_ends_at(dt.datetime.fromisoformat(tokens["consented_at"]))
    echo(f"logged in as {profile.get('display_name') or profile['id']}; the consent holds until {ends_at:%Y-%m-%d}")
    missing = sorted(set(SCOPES) - set(tokens["scope"].split())) if tokens["scope"] else []
    if missing:
        echo(f"not granted: {', '.join(missing)}; the listings that need them are skipped")
    echo(f"tokens: {relative_path(str(store))}, {store.protection}; next: `make elt`")
    if settings.refresh_token:
        echo("SPOTIFY_REFRESH_TOKEN is set and goes before this file: unset it, or runs go on with the old token")
    return 0


def logout(settings: Settings) -> int:
    store = token_store(settings.token_file, settings.region)
    if store.exists():
        store.delete()
        echo(f"{relative_path(str(store))} is gone; lake and tables stay (`make forget` deletes them)")
        echo("Spotify itself forgets the consent at spotify.com/account/apps")
    else:
        echo("there was no token file; nothing to do")
    if settings.client_id or settings.refresh_token:
        echo("SPOTIFY_CLIENT_ID or SPOTIFY_REFRESH_TOKEN is still set: unset it for the demo account")
    return 0


def _stored_client_id(store: TokenStore) -> str:
    try:
        return str(store.read().get("client_id", ""))
    except BadSetting:
        return ""  # this login replaces the broken content


def _asked(settings: Settings) -> str:
    where = redirect_address(settings.redirect_port)
    if not sys.stdin.isatty():
        raise BadSetting(f"SPOTIFY_CLIENT_ID is not set; make an app at developer.spotify.com with redirect {where}")
    echo("Make an app at https://developer.spotify.com/dashboard (your account needs Premium),")
    echo(f"with this redirect address, to the letter: {where}")
    client_id = input("Its client id: ").strip()
    if not client_id:
        raise BadSetting("no client id given")
    return client_id


def _show(address: str, settings: Settings) -> None:
    echo("Opening your browser; if none opens, open this address on this machine:")
    echo(address)
    where = redirect_address(settings.redirect_port)
    echo("Waiting up to five minutes; Ctrl-C ends it.")
    echo(f"Should the page say INVALID_CLIENT: check the client id, and that your app lists {where} to the letter.")
    # A browser in the terminal holds the call until it is closed, and it is this process that answers it.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
