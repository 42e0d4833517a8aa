"""The lock of a lake in a folder: one run at a time, and a crashed process leaves no lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.lake.lock import Busy, held, holder
from pipelines.lake.store import Lake

CRASH = """
import os, sys
from pathlib import Path
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
with held(Lake(sys.argv[1]), Path(sys.argv[1]), "elt"):
    print("held", flush=True)
    sys.stdin.read()
    os._exit(9)
"""


def test_a_crashed_process_leaves_no_lock(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", CRASH, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdin
        assert run.stdout
        run.stdout.readline()
        assert f"process {run.pid}" in str(holder(lake))
        with pytest.raises(Busy, match=f"`elt`, process {run.pid}"), held(lake, tmp_path, "extract"):
            pass
        run.stdin.close()
        assert run.wait(20) == 9
    assert holder(lake) is None
    with held(lake, tmp_path, "extract"):
        assert "`extract`" in str(holder(lake))
    assert holder(lake) is None
