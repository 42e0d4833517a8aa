"""How long tokens live by the listener's clock."""

from tests.simulators.spotify.client import description, refreshed, refusal, spotify
from tests.simulators.spotify.listener import REFRESH_TOKEN, Listener


def test_an_access_token_lives_for_an_hour_of_the_clock(listener: Listener) -> None:
    client = spotify(listener)
    listener.clock(seconds=3599)
    assert client.me()["id"] == "invented_listener"
    listener.clock(seconds=1)
    assert refusal(client.me) == (401, "The access token expired")


def test_a_refresh_keeps_the_old_refresh_token_unless_rotation_is_on(listener: Listener) -> None:
    assert "refresh_token" not in refreshed(listener).json()
    listener.switch(rotation=True)
    second = refreshed(listener).json()["refresh_token"]
    assert description(refreshed(listener)) == (400, "invalid_grant", "Refresh token revoked")
    third = refreshed(listener, second).json()["refresh_token"]
    assert len({REFRESH_TOKEN, second, third}) == 3


def test_a_consent_ends_after_six_months_however_often_it_is_refreshed(listener: Listener) -> None:
    listener.clock(now="2027-05-02T07:59:59Z")
    assert refreshed(listener).status_code == 200
    listener.clock(seconds=1)
    assert description(refreshed(listener)) == (400, "invalid_grant", "Refresh token expired")


def test_an_unknown_refresh_token_is_refused(listener: Listener) -> None:
    assert description(refreshed(listener, "x")) == (400, "invalid_grant", "Invalid refresh token")
