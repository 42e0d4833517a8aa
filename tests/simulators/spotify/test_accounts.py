"""The accounts service: codes, refreshes, redirect addresses, scopes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyOAuth, SpotifyOauthError, SpotifyPKCE

from tests.simulators.spotify.client import description, refreshed, spotify
from tests.simulators.spotify.demo_server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, DemoServer

REDIRECT = "http://127.0.0.1:8898/callback"
SCOPE = "user-library-read user-top-read"


def aimed(manager: Any, demo_server: DemoServer) -> Any:
    """spotipy's auth manager, pointed at the demo server."""
    manager.OAUTH_TOKEN_URL = f"{demo_server.accounts_url}/api/token"
    manager.OAUTH_AUTHORIZE_URL = f"{demo_server.accounts_url}/authorize"
    return manager


def confidential(demo_server: DemoServer, secret: str = CLIENT_SECRET) -> Any:
    """spotipy's auth manager with a client secret. It opens no browser."""
    cache = MemoryCacheHandler()
    return aimed(
        SpotifyOAuth(CLIENT_ID, secret, REDIRECT, scope=SCOPE, cache_handler=cache, open_browser=False), demo_server
    )


def redirected(url: str) -> dict[str, str]:
    """The parameters with which /authorize redirects."""
    answer = requests.get(url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def authorize(demo_server: DemoServer, redirect_uri: str, client_id: str = CLIENT_ID) -> requests.Response:
    asked = {"client_id": client_id, "response_type": "code", "redirect_uri": redirect_uri, "state": "s"}
    return requests.get(f"{demo_server.accounts_url}/authorize", params=asked, allow_redirects=False, timeout=5)


def test_an_authorization_code_gives_tokens_once_and_needs_the_secret(demo_server: DemoServer) -> None:
    manager = confidential(demo_server)
    given = redirected(manager.get_authorize_url(state="state-1"))
    assert given["state"] == "state-1"
    with pytest.raises(SpotifyOauthError, match="Invalid client secret"):
        confidential(demo_server, "wrong").get_access_token(given["code"], as_dict=False, check_cache=False)
    token = manager.get_access_token(given["code"], as_dict=False, check_cache=False)
    assert spotify(demo_server, token).current_user_saved_tracks()["total"] == 400
    assert manager.cache_handler.get_cached_token()["refresh_token"].startswith("demo-refresh-")
    with pytest.raises(SpotifyOauthError, match="Invalid authorization code"):
        manager.get_access_token(given["code"], as_dict=False, check_cache=False)


def test_pkce_needs_the_verifier_of_its_challenge_instead_of_a_secret(demo_server: DemoServer) -> None:
    cache = MemoryCacheHandler()
    manager = aimed(SpotifyPKCE(CLIENT_ID, REDIRECT, scope=SCOPE, cache_handler=cache, open_browser=False), demo_server)
    code = redirected(manager.get_authorize_url())["code"]
    token = manager.get_access_token(code, check_cache=False)
    assert spotify(demo_server, token).me()["id"] == "demo_listener"
    code = redirected(manager.get_authorize_url())["code"]
    manager.code_verifier = "x" * 64
    with pytest.raises(SpotifyOauthError, match="code_verifier was incorrect"):
        manager.get_access_token(code, check_cache=False)


def test_an_unknown_client_is_refused(demo_server: DemoServer) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    answer = requests.post(f"{demo_server.accounts_url}/api/token", data=form, auth=("nobody", "x"), timeout=5)
    assert description(answer) == (400, "invalid_client", "Invalid client")
    assert authorize(demo_server, REDIRECT, client_id="nobody").status_code == 400


def test_an_unknown_grant_is_refused(demo_server: DemoServer) -> None:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID}
    answer = requests.post(f"{demo_server.accounts_url}/api/token", data=form, timeout=5)
    assert answer.json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("redirect_uri", "status"),
    [
        ("http://127.0.0.1:49152/callback", 302),
        ("http://[::1]:8080/callback", 302),
        ("https://demo.example/callback", 302),
        ("http://localhost:8080/callback", 400),
        ("http://127.0.0.1:8080/elsewhere", 400),
        ("http://demo.example/callback", 400),
        ("https://demo.example/other", 400),
    ],
)
def test_redirect_addresses_follow_the_published_rules(demo_server: DemoServer, redirect_uri: str, status: int) -> None:
    answer = authorize(demo_server, redirect_uri)
    assert answer.status_code == status
    assert status == 302 or answer.text.startswith("INVALID_CLIENT: In")


def test_a_refused_consent_comes_back_as_access_denied(demo_server: DemoServer) -> None:
    demo_server.switch(deny=True)
    location = authorize(demo_server, REDIRECT).headers["Location"]
    assert location == f"{REDIRECT}?error=access_denied&state=s"


def test_the_answer_names_the_scopes_when_fewer_are_granted_than_asked_for(demo_server: DemoServer) -> None:
    demo_server.switch(granted_scope="user-top-read")
    manager = confidential(demo_server)
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    form["code"] = redirected(manager.get_authorize_url())["code"]
    answer = requests.post(manager.OAUTH_TOKEN_URL, data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=5).json()
    assert answer["scope"] == "user-top-read"
    assert refreshed(demo_server, answer["refresh_token"]).json()["scope"] == "user-top-read"


def test_an_answer_may_lack_the_refresh_token(demo_server: DemoServer) -> None:
    demo_server.switch(omit_refresh_token=True)
    manager = confidential(demo_server)
    code = redirected(manager.get_authorize_url())["code"]
    manager.get_access_token(code, as_dict=False, check_cache=False)
    assert "refresh_token" not in manager.cache_handler.get_cached_token()


@pytest.mark.parametrize("status", [429, 503])
def test_the_token_endpoint_can_fail(demo_server: DemoServer, status: int) -> None:
    demo_server.fault("/api/token", status=status, headers={"Retry-After": "7"}, body="busy", times=1)
    manager = confidential(demo_server)
    with pytest.raises(SpotifyOauthError):
        manager.refresh_access_token(REFRESH_TOKEN)
    assert manager.refresh_access_token(REFRESH_TOKEN)["token_type"] == "Bearer"
    assert demo_server.requests() == {"POST /api/token": 2}
    assert demo_server.request_log()[0]["status"] == status


def test_spotipy_reads_the_account_with_its_own_auth_manager(demo_server: DemoServer) -> None:
    manager = confidential(demo_server)
    manager.cache_handler.save_token_to_cache(manager.refresh_access_token(REFRESH_TOKEN))
    client = spotipy.Spotify(auth_manager=manager)
    client.prefix = f"{demo_server.api_url}/"
    assert client.me()["display_name"] == "Demo Listener"
