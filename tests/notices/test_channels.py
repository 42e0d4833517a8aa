"""A message reaches the listener by a command, an address, the desktop or mail, and no secret is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from orchestration.notices import channels
from orchestration.notices.channels import NotDelivered, deliver
from tests.simulators.aws.server import REGION, Cloud
from tests.simulators.loopback import Answer, HttpServer

Sent = list[tuple[dict[str, str], str]]
Program = Callable[[str, str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Adds a program to a machine that has no other."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(channels, "SEARCHED", str(tmp_path))

    def add(name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
        (tmp_path / name).chmod(0o755)

    return add


def test_a_command_gets_the_message_on_stdin_and_the_exit_code_in_its_environment(tmp_path: Path) -> None:
    deliver('it\'s "over"', 4, f"(cat; echo; echo $EXIT_CODE) > '{tmp_path}/out'")
    assert (tmp_path / "out").read_text() == 'it\'s "over"\n4\n'


def test_a_command_that_fails_is_not_shown() -> None:
    with pytest.raises(NotDelivered, match=r"^the command of ON_FAILURE ended with code 9$"):
        deliver("hello", 1, "secret=hunter2; exit 9")


def test_a_topic_of_aws_publishes_the_message(cloud: Cloud) -> None:
    topic = cloud.client("sns").create_topic(Name="alerts")["TopicArn"]
    deliver("the consent has ended", 4, topic)
    ((_, message, subject, *_),) = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[topic].sent_notifications
    assert (message, subject) == ("the consent has ended", "spotify-elt")


def test_a_topic_that_does_not_exist_is_named_by_its_kind_only(cloud: Cloud) -> None:
    with pytest.raises(NotDelivered, match=r"^the topic of ON_FAILURE did not take the message \(\w+\)$"):
        deliver("hello", 1, f"arn:aws:sns:{REGION}:{DEFAULT_ACCOUNT_ID}:secret")


@pytest.mark.parametrize("status", [200, 403])
def test_an_address_gets_the_message_as_a_post_and_is_never_shown(
    status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: Sent = []

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        sent.append((headers, f"{method} {path} {body.decode()}"))
        return status, "text/plain", b""

    (tmp_path / ".netrc").write_text("default login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with HttpServer(answer) as server:
        if status == 200:
            deliver("läuft nicht", 1, f"{server.url}/my-secret-topic")
        else:
            with pytest.raises(NotDelivered, match=r"^the address of ON_FAILURE answers 403$"):
                deliver("läuft nicht", 1, f"{server.url}/my-secret-topic")
    ((headers, request),) = sent
    assert request == "POST /my-secret-topic läuft nicht"
    assert headers["title"] == "spotify-elt"
    assert "authorization" not in headers


def test_an_address_without_an_answer_is_not_shown() -> None:
    with pytest.raises(NotDelivered, match=r"^the address of ON_FAILURE gave no answer: no connection") as error:
        deliver("hello", 1, "http://me:password@127.0.0.1:1/secret")
    assert "secret" not in str(error.value)
    assert "password" not in str(error.value)


def test_without_a_setting_the_desktop_is_told_and_if_it_cannot_be_mail_is_sent(
    program: Program, tmp_path: Path
) -> None:
    program("mail", f'cat > {tmp_path}/mailed; echo "$@" >> {tmp_path}/mailed')
    program("notify-send", "exit 1")
    deliver("it failed", 1, "")
    assert (tmp_path / "mailed").read_text().startswith("it failed-s spotify-elt ")
    program("notify-send", f'echo "$2" > {tmp_path}/shown')
    deliver("it failed again", 1, "")
    assert (tmp_path / "shown").read_text() == "it failed again\n"
    assert "again" not in (tmp_path / "mailed").read_text()


def test_macos_shows_a_notification_whatever_the_message_holds(program: Program, tmp_path: Path) -> None:
    program("osascript", f'for each; do :; done; shift 6; printf \'%s|%s\' "$1" "$2" > {tmp_path}/shown')
    deliver('say "no" & quit', 1, "")
    assert (tmp_path / "shown").read_text() == 'say "no" & quit|spotify-elt'


def test_sendmail_alone_is_enough_and_a_machine_with_nothing_says_so(program: Program, tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match="this machine has none of osascript, notify-send, mail, sendmail"):
        deliver("it failed", 1, "")
    program("sendmail", f"cat > {tmp_path}/mailed")
    deliver("it failed", 1, "")
    assert "Subject: spotify-elt\n\nit failed\n" in (tmp_path / "mailed").read_text()
