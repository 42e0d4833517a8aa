"""The servers end with the process that started them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulators.athena import fetch
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.trino import LEASH, Trino

# Starts a Trino, prints its folder, and kills itself so that it cannot clean up.
KILLED = """
import os, signal, time
from tests.simulators.athena import cloud
from tests.simulators.athena import fetch
from tests.simulators.athena.trino import Trino
trino = Trino(fetch.trino(), fetch.java(), "http://127.0.0.1:1", "http://127.0.0.1:1")
print(trino.folder, flush=True)
time.sleep(float(os.environ["SECONDS"]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def running(mark: object) -> list[str]:
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if str(mark) in line and " ps " not in line]


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while (running(folder) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running(folder) == []
    assert not folder.exists()


@pytest.mark.parametrize("seconds", [0, 2])
def test_trino_ends_when_the_process_that_started_it_is_killed(athena: Cloud, seconds: float) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        env=os.environ | {"SECONDS": str(seconds)},
        cwd=fetch.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    wait_until_gone(Path(done.stdout.strip()))


def test_a_trino_that_cannot_start_says_why_and_leaves_nothing(athena: Cloud, tmp_path: Path) -> None:
    java = fetch.java()
    assert java
    broken = Trino(tmp_path, java, "http://127.0.0.1:1", "http://127.0.0.1:1")
    with pytest.raises(RuntimeError, match=r"did not start:\n.*TrinoServer"), broken:
        pass
    wait_until_gone(broken.folder)


def test_a_leash_ends_its_command_with_its_stdin(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    leash = subprocess.Popen([sys.executable, LEASH, folder, "sleep", "600.25"], stdin=subprocess.PIPE)
    while not running("sleep 600.25"):
        time.sleep(0.02)
    assert leash.stdin
    leash.stdin.close()
    leash.wait(10)
    assert not [line for line in running("sleep 600.25") if "leash" not in line]
    assert not folder.exists()


def test_a_command_that_ends_by_itself_ends_the_leash_and_keeps_its_output(tmp_path: Path) -> None:
    command = [sys.executable, str(LEASH), str(tmp_path), "sh", "-c", "echo why; exit 3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as leash:
        assert leash.wait(10) == 3
    assert (tmp_path / "output.log").read_text() == "why\n"


def test_servers_listen_on_loopback_alone(athena: Cloud) -> None:
    addresses = [value for name, value in athena.environment.items() if name.startswith("AWS_ENDPOINT_URL")]
    assert addresses
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
