"""Processes that hold the lock of a lake on S3, for the tests of the lock."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.simulators.aws.server import Cloud

KEY = "lake/.lock"
RUN = """
import sys
from pathlib import Path
from orchestration.exit_codes import exit_of
from pipelines.lake import lease
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
lease.RENEW_EVERY_S, lease.LEASE_S = map(float, sys.argv[2:])
lake = Lake("s3://listening/lake", "eu-central-1")
try:
    with held(lake, Path(sys.argv[1]), "elt"):
        print("held", flush=True)
        for line in sys.stdin:
            lake.write_json("written.json", {"by": "the run"})
            print("written", flush=True)
except lease.LeaseLost as lost:
    print(lost, file=sys.stderr)
    sys.exit(exit_of(lost))
"""


def write(run: subprocess.Popen[str]) -> None:
    """Let the run write once more."""
    assert run.stdin
    run.stdin.write("\n")
    run.stdin.flush()


def age(cloud: Cloud, seconds: float) -> None:
    """Change the lock so that its last renewal was so many seconds ago."""
    cloud.age(KEY, seconds)


def record(cloud: Cloud) -> dict[str, object]:
    found: dict[str, object] = json.loads(cloud.objects()[KEY])
    return found


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def a_run(folder: Path, renew_every_s: float = 150, lease_s: float = 600) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lake, and writes once for each line on its standard input."""
    command = [sys.executable, "-c", RUN, str(folder), str(renew_every_s), str(lease_s)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as run:
        assert run.stdout
        assert run.stdout.readline() == "held\n"
        try:
            yield run
        finally:
            run.kill()
