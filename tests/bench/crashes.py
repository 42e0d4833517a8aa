"""Many runs, each in a process of its own, locally and on S3. Counts the processes that a signal ended."""

import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pipelines.settings import ROOT
from tests.bench.subprocesses import ELT, settings
from tests.bench.table import Rows, echo, verdict
from tests.simulators.aws.server import LAKE_URL, REGION, serving

RUNS = 300


def crashes() -> Rows:
    """A crash of a native library is rare, so this needs hundreds of processes and takes more than an hour."""
    with tempfile.TemporaryDirectory() as folder, serving() as cloud:
        local = settings(Path(folder))
        on_s3 = settings(Path(folder) / "s3") | cloud.environment | {"LAKE_URL": LAKE_URL, "AWS_REGION": REGION}
        return [row_of("make elt, lake in a folder", local), row_of("make elt, lake on S3", on_s3)]


def row_of(name: str, environment: Mapping[str, str]) -> tuple[str, str, str]:
    codes: Counter[int] = Counter()
    for number in range(RUNS):
        echo(f"crashes: {name}: {number + 1} of {RUNS}")
        done = subprocess.run([ELT, "elt"], cwd=ROOT, env=dict(environment), capture_output=True, text=True)
        codes[done.returncode] += 1
        if done.returncode < 0:
            echo(done.stderr)
    crashed = sum(count for code, count in codes.items() if code < 0)
    return name, f"{crashed} of {RUNS}", f"aim: 0: {verdict(not crashed)}; exit codes {dict(codes)}"
