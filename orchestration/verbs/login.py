"""`make login` and `make logout`."""

import datetime as dt
import sys
import threading
import webbrowser

from orchestration.report.console import echo, relative_path
from pipelines.raw.clock import utc_now
from pipelines.settings import BadSetting, Settings
from pipelines.spotify.auth import Tokens, consent_ends_at
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.login import authorize, redirect_address
from pipelines.spotify.resources import SCOPES
from pipelines.spotify.token_store import TokenStore, token_store


def login(settings: Settings) -> int:
    """Ask for the consent in the browser, store the tokens, and read the profile once to check them.

    Raises BadSetting, LoginFailed.
    """
    store = token_store(settings.token_file, settings.region)
    # This reads the token store, also when the client id is set: a store that cannot be reached fails here, before
    # the browser opens.
    stored = _stored_client_id(store)
    client_id = settings.client_id or stored or _asked_client_id(settings)
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
    # `make status` shows it before the first run. The call above may have rotated the refresh token.
    store.write(store.read() | {"account": str(profile.get("display_name") or profile["id"])})
    ends_at = consent_ends_at(dt.datetime.fromisoformat(tokens["consented_at"]))
    echo(f"logged in as {profile.get('display_name') or profile['id']}; the consent ends on {ends_at:%Y-%m-%d}")
    missing = sorted(set(SCOPES) - set(tokens["scope"].split())) if tokens["scope"] else []
    if missing:
        echo(f"not granted: {', '.join(missing)}; runs skip the resources that need them")
    echo(f"tokens: {relative_path(str(store))}, {store.protection}; next: `make elt`")
    if settings.refresh_token:
        echo("SPOTIFY_REFRESH_TOKEN is set, and runs use it instead of the new tokens: unset it")
    return 0


def logout(settings: Settings) -> int:
    """Delete the stored tokens; the lake and the tables stay."""
    store = token_store(settings.token_file, settings.region)
    if store.exists():
        store.delete()
        echo(f"deleted {relative_path(str(store))}; lake and tables stay (`make forget` deletes them)")
        echo("to end the consent at Spotify too, open spotify.com/account/apps")
    else:
        echo("there are no stored tokens; nothing to do")
    if settings.client_id or settings.refresh_token:
        echo("SPOTIFY_CLIENT_ID or SPOTIFY_REFRESH_TOKEN is still set: unset both to use the demo account")
    return 0


def _stored_client_id(store: TokenStore) -> str:
    try:
        return str(store.read().get("client_id", ""))
    except BadSetting:
        return ""  # The stored tokens are malformed; this login replaces them.


def _asked_client_id(settings: Settings) -> str:
    """The client id that the user types. Raises BadSetting when there is no terminal to ask on."""
    address = redirect_address(settings.redirect_port)
    if not sys.stdin.isatty():
        raise BadSetting(
            f"SPOTIFY_CLIENT_ID is not set; make an app at developer.spotify.com with the redirect address {address}"
        )
    echo("Make an app at https://developer.spotify.com/dashboard (your account needs Premium),")
    echo(f"with exactly this redirect address: {address}")
    client_id = input("The app's client id: ").strip()
    if not client_id:
        raise BadSetting("no client id was given; run `make login` again")
    return client_id


def _show(address: str, settings: Settings) -> None:
    """Open Spotify's consent page in the browser."""
    echo("Opening your browser. If no page opens, open this address on this machine:")
    echo(address)
    redirect = redirect_address(settings.redirect_port)
    echo("Waiting for five minutes at most; Ctrl-C ends it.")
    echo(f"If the page says INVALID_CLIENT, check the client id and that your app lists exactly {redirect}.")
    # In a thread: with a text browser, `open` returns only when the browser is closed, and the browser needs an
    # answer from this process before that.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
