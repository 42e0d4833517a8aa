"""`make login` and `make logout`."""

import datetime as dt
import select
import sys
import threading
import webbrowser

from orchestration import browser, places
from orchestration.report.console import echo, relative_path
from pipelines.raw.clock import utc_now
from pipelines.settings import BadSetting, Settings
from pipelines.settings.fields import checked_zone
from pipelines.settings.zone import keep_zone, machine_zone
from pipelines.spotify.account import check_client_id
from pipelines.spotify.auth import Tokens, consent_ends_at
from pipelines.spotify.callback import listening
from pipelines.spotify.client import SpotifyClient
from pipelines.spotify.login import Question, authorize, redirect_address
from pipelines.spotify.profile import read_profile
from pipelines.spotify.resources import SCOPES
from pipelines.spotify.token_store import TokenStore, token_store


def login(settings: Settings) -> int:
    """Ask for the consent in the browser, store the tokens, and read the profile once to check them.

    Raises BadSetting, LoginFailed, AppRefused.
    """
    store = token_store(settings.token_file, settings.region)
    # The token store, the port and the client id are checked before the browser opens.
    stored = _stored_client_id(store)
    with listening(settings.redirect_port) as callback:
        client_id = settings.client_id or stored or _asked_client_id(settings)
        check_client_id(client_id, settings)
        zone = _chosen_zone(settings)
        question = Question(client_id, settings.client_secret, settings.accounts_url, callback)
        answer = authorize(question, lambda address: _show(address, settings), _typed_line, echo)
    tokens = {
        "client_id": client_id,
        "refresh_token": answer["refresh_token"],
        "scope": answer.get("scope", ""),
        "consented_at": utc_now().isoformat(timespec="seconds"),
    }
    places.remember(settings.model_copy(update={"is_demo": False}))
    store.write(tokens)
    if zone:
        keep_zone(settings.root, zone)
    stored_tokens = Tokens(client_id, settings.client_secret, "", settings.accounts_url, store)
    profile = read_profile(SpotifyClient(stored_tokens, settings.api_url))
    # `make status` shows it before the first run. The call above may have rotated the refresh token.
    store.write(store.read() | {"account": str(profile.get("display_name") or profile["id"])})
    ends_at = consent_ends_at(dt.datetime.fromisoformat(tokens["consented_at"]))
    echo(f"logged in as {profile.get('display_name') or profile['id']}; the consent ends on {ends_at:%Y-%m-%d}")
    missing = sorted(set(SCOPES) - set(tokens["scope"].split())) if tokens["scope"] else []
    if missing:
        echo(f"not granted: {', '.join(missing)}; runs skip the resources that need them")
    echo(f"days and hours in {zone or settings.time_zone} (TIME_ZONE in .env)")
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
    echo("Make an app at https://developer.spotify.com/dashboard (Spotify asks its owner for Premium),")
    echo(f"with exactly this redirect address: {address}")
    echo("Add yourself to its users (User Management).")
    client_id = input("The app's client id: ").strip()
    if not client_id:
        raise BadSetting("no client id was given; run `make login` again")
    return client_id


def _chosen_zone(settings: Settings) -> str:
    """The time zone to keep: the user's answer, or the machine's zone without a terminal. Empty when one is set."""
    if "time_zone" in settings.model_fields_set:
        return ""
    guess = machine_zone()
    if not sys.stdin.isatty():
        return guess
    while True:
        typed = input(f"Time zone of your days and hours (Enter for {guess}): ").strip() or guess
        try:
            return checked_zone(typed)
        except ValueError:
            echo(f"{typed} is no time zone that DuckDB knows; write it as Europe/Berlin")


def _show(address: str, settings: Settings) -> None:
    """Open Spotify's consent page in the browser."""
    redirect = redirect_address(settings.redirect_port)
    echo("Opening your browser. If no page opens, open this address in any browser:")
    echo(address)
    echo("")
    echo("When the browser is on another machine, it cannot reach this one after you agree, and shows an error.")
    echo(f"Copy the address of that page, which starts with {redirect}?code=, paste it here and press Enter.")
    echo(f"If the page says INVALID_CLIENT, check the client id and that your app lists exactly {redirect}.")
    echo("Waiting for five minutes at most; Ctrl-C ends it.")
    if not browser.is_text_browser():
        # In a thread: a browser may return from `open` only when it is closed, and it needs an answer from this
        # process before that.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _typed_line() -> str:
    """A line that was typed on the terminal; empty when there is none, or no terminal."""
    if not sys.stdin.isatty() or not select.select([sys.stdin], [], [], 0)[0]:
        return ""
    return sys.stdin.readline().strip()
