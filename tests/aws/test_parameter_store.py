"""Tokens in an SSM parameter: the program reads and rotates them there and stores them nowhere else."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from orchestration.verbs import login as consent
from tests.machine import Machine
from tests.simulators.aws.server import Cloud
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer
from tests.spotify.conftest import port  # noqa: F401

Capture = pytest.CaptureFixture[str]
NAME = "/spotify-elt/token"


@pytest.fixture
def demo_server(demo_servers: Callable[..., DemoServer]) -> DemoServer:
    return demo_servers(size=10, playlists=1, playlist_items=2)


@pytest.fixture
def machines(machines: Callable[[str], Machine]) -> Callable[[str], Machine]:
    def machine(name: str) -> Machine:
        made = machines(name)
        given = {"SPOTIFY_TOKEN_FILE": f"ssm:{NAME}", "SPOTIFY_REFRESH_TOKEN": "", "SPOTIFY_CLIENT_ID": ""}
        made.environment |= given
        return made

    return machine


def keep(cloud: Cloud, value: str) -> None:
    cloud.client("ssm").put_parameter(Name=NAME, Value=value, Type="SecureString", Overwrite=True)


def kept(cloud: Cloud) -> dict[str, str]:
    found = cloud.client("ssm").get_parameter(Name=NAME, WithDecryption=True)["Parameter"]
    assert found["Type"] == "SecureString"
    return dict(json.loads(found["Value"]))


def consented(token: str = REFRESH_TOKEN) -> str:
    return json.dumps({"client_id": CLIENT_ID, "refresh_token": token, "consented_at": "2026-10-01T08:00:00"})


def one_line(capsys: Capture) -> str:
    message = capsys.readouterr().err
    assert message.count("\n") == 1, message
    return message


def test_a_rotated_token_is_stored_in_the_parameter_and_the_next_machine_uses_it(
    cloud: Cloud, machines: Callable[[str], Machine], capsys: Capture, tmp_path: Path
) -> None:
    keep(cloud, consented())
    demo_server = machines("one").demo_server
    demo_server.switch(rotation=True)
    secrets = [REFRESH_TOKEN]
    for name in ("one", "two", "three"):
        assert machines(name).type("extract") == 0
        found = kept(cloud)
        assert found["refresh_token"] not in secrets
        assert (found["client_id"], found["consented_at"]) == (CLIENT_ID, "2026-10-01T08:00:00")
        secrets.append(found["refresh_token"])
    message = capsys.readouterr()
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    for secret in secrets:
        assert secret not in message.out + message.err
        assert not [content for content in [*written, *cloud.objects().values()] if secret.encode() in content]
    assert written


@pytest.mark.parametrize("value", [None, "{}"])
def test_before_the_first_consent_a_run_asks_for_a_login(
    cloud: Cloud, machines: Callable[[str], Machine], capsys: Capture, value: str | None
) -> None:
    if value:
        keep(cloud, value)
    machine = machines("one")
    assert machine.type("status") == 0
    assert "none: run `make login`" in capsys.readouterr().out
    assert machine.type("extract") == 4
    assert f"no refresh token in ssm:{NAME}; run `make login`" in one_line(capsys)


def test_a_parameter_without_tokens_is_reported(
    cloud: Cloud, machines: Callable[[str], Machine], capsys: Capture
) -> None:
    for value in ("refresh-token-alone", '{"client_id": "x"}'):
        keep(cloud, value)
        assert machines("one").type("extract") == 5
        message = one_line(capsys)
        assert f"ssm:{NAME}" in message
        assert "make login" in message
        assert value not in message


@pytest.mark.parametrize("operation", ["GetParameter", "PutParameter"])
def test_a_denied_parameter_is_reported(
    cloud: Cloud, machines: Callable[[str], Machine], capsys: Capture, operation: str
) -> None:
    keep(cloud, consented())
    machine = machines("one")
    machine.demo_server.switch(rotation=True)
    cloud.front.fail(f"ssm.{operation}", 400, "AccessDeniedException", message="is not authorized to perform: ssm")
    assert machine.type("extract") == 8
    message = one_line(capsys)
    assert f"AWS denies {operation}: is not authorized" in message
    assert "demo-refresh" not in message


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Answers the consent page as a user's browser does."""
    opened: list[str] = []
    threads: list[threading.Thread] = []

    def show(address: str, settings: object) -> None:
        opened.append(address)
        threads.append(threading.Thread(target=requests.get, args=(address,), kwargs={"timeout": 5}))
        threads[-1].start()

    monkeypatch.setattr(consent, "_show", show)
    yield opened
    for thread in threads:
        thread.join(10)


def test_login_writes_the_parameter_and_logout_empties_it(
    cloud: Cloud,
    machines: Callable[[str], Machine],
    browser: list[str],
    port: int,  # noqa: F811
    capsys: Capture,
) -> None:
    keep(cloud, "{}")
    machine = machines("one")
    machine.environment["SPOTIFY_REDIRECT_PORT"] = str(port)
    assert machine.type("login", SPOTIFY_CLIENT_ID=CLIENT_ID) == 0
    message = " ".join(capsys.readouterr().out.split())
    assert f"tokens: ssm:{NAME}, encrypted" in message
    token = kept(cloud)["refresh_token"]
    assert token not in message
    assert machines("two").type("extract") == 0
    assert machine.type("login") == 0
    assert kept(cloud)["refresh_token"] != token
    assert machine.type("logout") == 0
    assert kept(cloud) == {}
    assert machines("two").type("extract") == 4
    assert machine.type("logout") == 0
    assert "nothing to do" in capsys.readouterr().out


def test_login_fails_before_the_browser_opens_if_the_tokens_could_not_be_stored(
    cloud: Cloud, machines: Callable[[str], Machine], browser: list[str], capsys: Capture
) -> None:
    cloud.front.fail("ssm", 400, "AccessDeniedException", message="is not authorized to perform: ssm:GetParameter")
    assert machines("one").type("login", SPOTIFY_CLIENT_ID=CLIENT_ID) == 8
    assert "AWS denies GetParameter" in one_line(capsys)
    assert browser == []
