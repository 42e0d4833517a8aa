"""How long tokens are valid, by the demo account's clock."""

from tests.simulators.spotify.client import description, refreshed, refusal, spotify
from tests.simulators.spotify.demo_server import REFRESH_TOKEN, DemoServer


def test_an_access_token_lives_for_an_hour_of_the_clock(demo_server: DemoServer) -> None:
    client = spotify(demo_server)
    demo_server.clock(seconds=3599)
    assert client.me()["id"] == "demo_listener"
    demo_server.clock(seconds=1)
    assert refusal(client.me) == (401, "The access token expired")


def test_a_refresh_keeps_the_old_refresh_token_unless_rotation_is_on(demo_server: DemoServer) -> None:
    assert "refresh_token" not in refreshed(demo_server).json()
    demo_server.switch(rotation=True)
    second = refreshed(demo_server).json()["refresh_token"]
    assert description(refreshed(demo_server)) == (400, "invalid_grant", "Refresh token revoked")
    third = refreshed(demo_server, second).json()["refresh_token"]
    assert len({REFRESH_TOKEN, second, third}) == 3


def test_a_consent_ends_after_six_months_however_often_it_is_refreshed(demo_server: DemoServer) -> None:
    demo_server.clock(now="2027-05-02T07:59:59Z")
    assert refreshed(demo_server).status_code == 200
    demo_server.clock(seconds=1)
    assert description(refreshed(demo_server)) == (400, "invalid_grant", "Refresh token expired")


def test_an_unknown_refresh_token_is_refused(demo_server: DemoServer) -> None:
    assert description(refreshed(demo_server, "x")) == (400, "invalid_grant", "Invalid refresh token")
