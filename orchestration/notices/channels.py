"""The ways to reach the listener: a command, an address on the web, a topic of AWS, a desktop notification, mail.

No text of this module shows the command or the address, because both may hold a secret.
"""

import getpass
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from orchestration.github.job import environment_with
from pipelines.http.causes import no_answer
from pipelines.http.session import http_session

TITLE = "spotify-elt"
TIMEOUT_S = 60
TOPIC = re.compile(r"arn:[a-z-]+:sns:")
# cron's PATH has no sbin folders, where sendmail is.
SEARCHED = "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin:/usr/sbin:/sbin"
# https://developer.apple.com/library/archive/documentation/LanguagesUtilities/Conceptual/MacAutomationScriptingGuide/
ON_MACOS = ("on run argv", "display notification (item 1 of argv) with title (item 2 of argv)", "end run")


class NotDelivered(Exception):
    """Nobody was told; the text says why."""


def deliver(message: str, exit_code: int, on_failure: str) -> None:
    """Send the message as ON_FAILURE says. Raises NotDelivered.

    A command gets the message on stdin and EXIT_CODE in its environment. An address gets the message as the body of a
    POST, as ntfy wants it (https://docs.ntfy.sh/publish/). The ARN of a topic of SNS publishes the message there.
    Without ON_FAILURE the first of these that works is used: a desktop notification, mail.
    """
    if on_failure.startswith(("http://", "https://")):
        _post(message, on_failure)
    elif TOPIC.match(on_failure):
        _publish(message, on_failure)
    elif on_failure:
        _run(["/bin/sh", "-c", on_failure], message, "the command of ON_FAILURE", EXIT_CODE=str(exit_code))
    else:
        _on_this_machine(message)


def _post(message: str, address: str) -> None:
    headers = {"Title": TITLE, "Content-Type": "text/plain; charset=utf-8"}
    try:
        answer = http_session().post(address, data=message.encode(), headers=headers, timeout=TIMEOUT_S)
    except (OSError, ValueError) as error:  # the errors of requests are OSErrors
        raise NotDelivered(f"the address of ON_FAILURE gave no answer: {no_answer(address, error)}") from None
    if not answer.ok:
        raise NotDelivered(f"the address of ON_FAILURE answers {answer.status_code}")


def _publish(message: str, topic: str) -> None:
    from pipelines.aws.topic import publish

    try:
        publish(topic, TITLE, message)
    except Exception as error:  # each kind of failure of AWS has an error of its own
        raise NotDelivered(f"the topic of ON_FAILURE did not take the message ({type(error).__name__})") from None


def _on_this_machine(message: str) -> None:
    """Raises NotDelivered when no program of this machine takes the message."""
    user = getpass.getuser()
    commands: dict[str, tuple[list[str], str]] = {
        "osascript": ([*(part for line in ON_MACOS for part in ("-e", line)), message, TITLE], ""),
        "notify-send": ([TITLE, message], ""),
        "mail": (["-s", TITLE, user], message),
        "sendmail": (["-i", user], f"To: {user}\nSubject: {TITLE}\n\n{message}\n"),
    }
    reasons = []
    for name, (arguments, text) in commands.items():
        if not (program := shutil.which(name) or shutil.which(name, path=SEARCHED)):
            continue
        try:
            return _run([program, *arguments], text, name, **_desktop())
        except NotDelivered as reason:
            reasons.append(str(reason))
    raise NotDelivered("; ".join(reasons) or f"this machine has none of {', '.join(commands)}: set ON_FAILURE")


def _desktop() -> dict[str, str]:
    """The address of the desktop of this user, which cron's environment lacks."""
    bus = Path(f"/run/user/{os.getuid()}/bus")
    return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"} if sys.platform == "linux" and bus.exists() else {}


def _run(command: list[str], message: str, what: str, **environment: str) -> None:
    try:
        done = subprocess.run(
            command,
            input=message.encode(),
            env=environment_with(**environment),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDelivered(f"{what} did not run ({type(error).__name__})") from None
    if done.returncode:
        raise NotDelivered(f"{what} ended with code {done.returncode}")
