"""An older DuckDB in a folder of its own, as other programs have it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).with_name("older_duckdb.txt")


@pytest.fixture(scope="module")
def older_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with DuckDB 1.1. Skips when no package index answers; where CI is set, this is a failure."""
    folder = tmp_path_factory.mktemp("older_duckdb")
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(folder)]
    done = subprocess.run([*pip, *options, "-r", REQUIREMENTS], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"DuckDB 1.1 cannot be fetched: {done.stderr.strip()[-300:]}"
        if os.environ.get("CI") or "hash" in done.stderr.lower():
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def asked(folder: Path, file: Path, question: str) -> str:
    """The answer of the DuckDB in the folder, as text. Fails with the error of that DuckDB."""
    script = "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchall())"
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", script, str(file), question]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
