"""`make login` and `make logout`."""

import datetime as dt
import sys
import threading
import webbrowser
from pathlib import Path

from orchestration.report.summary import echo, relative_path
from pipelines import settings as values
from pipelines.settings import BadSetting, Settings
from pipelines.spotify import token_store as token_file
from pipelines.spotify.auth import Tokens, consent_ends_at
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.login import consent, redirect_address
from pipelines.spotify.resources import SCOPES


def login(settings: Settings) -> int:
    """Consent in the browser, keep the tokens, and read the profile once to see that they work."""
    values.export(settings)
    # Asked in any case: a place that cannot be reached is told before there is a consent to lose.
    kept = _kept_client_id(settings)
    client_id = settings.client_id or kept or _asked(settings)
    answer = consent(
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
        "consented_at": dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
    }
    token_file.write(settings.token_file, tokens)
    profile = SpotifyClient(
        Tokens(client_id, settings.client_secret, "", settings.accounts_url, settings.token_file), settings.api_url
    ).get("me")
    ends_at = consent_ends_at(dt.datetime.fromisoformat(tokens["consented_at"]))
    echo(f"logged in as {profile.get('display_name') or profile['id']}; the consent holds until {ends_at:%Y-%m-%d}")
    missing = sorted(set(SCOPES) - set(tokens["scope"].split())) if tokens["scope"] else []
    if missing:
        echo(f"not granted: {', '.join(missing)}; the listings that need them are skipped")
    whom = "readable by you alone" if isinstance(settings.token_file, Path) else "encrypted"
    echo(f"tokens: {relative_path(str(settings.token_file))}, {whom}; next: `make elt`")
    if settings.refresh_token:
        echo("SPOTIFY_REFRESH_TOKEN is set and goes before this file: unset it, or runs go on with the old token")
    return 0


def logout(settings: Settings) -> int:
    values.export(settings)
    if settings.token_file.exists():
        settings.token_file.unlink()
        echo(f"{relative_path(str(settings.token_file))} is gone; lake and tables stay (`make forget` deletes them)")
        echo("Spotify itself forgets the consent at spotify.com/account/apps")
    else:
        echo("there was no token file; nothing to do")
    if settings.client_id or settings.refresh_token:
        echo("SPOTIFY_CLIENT_ID or SPOTIFY_REFRESH_TOKEN is still set: unset it for the demo account")
    return 0


def _kept_client_id(settings: Settings) -> str:
    try:
        return str(token_file.read(settings.token_file).get("client_id", ""))
    except BadSetting:
        return ""  # this login is what mends the file


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
