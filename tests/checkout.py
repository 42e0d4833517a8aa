"""A folder with the Makefile, on a machine that has only the named tools; stand-ins for Python, pip and uv."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
TOOLS = ("make", "sh", "awk", "cat", "cp", "find", "mkdir", "rm", "tail")

PROGRAM = '#!/bin/sh\necho "ran $* with DEMO_DAYS=$DEMO_DAYS"\nexit ${CODE:-0}\n'
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit {too_old} ;;
    *ensurepip*) exit {bare} ;;
    '-m venv .venv') mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    '-m pip install '*) echo "${{0##*/}} $*" >>installed; {install} ;;
esac
"""
UV = """#!/bin/sh
case "$*" in
    'venv '*) mkdir -p .venv/bin && cp "$3" .venv/bin/python ;;
    'pip install '*) echo "uv $*" >>installed ;;
    'python find '*) exit 1 ;;
esac
"""


class Checkout:
    """A folder that holds only the Makefile, on a machine that has only the tools of TOOLS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "check out"
        self.tools = folder / "tools"
        self.tools.mkdir()
        for tool in TOOLS:
            (self.tools / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is needed"))
        for name in ("pipelines", "orchestration", "tests"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "Makefile").write_text(MAKEFILE)
        (self.folder / "requirements.lock").touch()
        (self.folder / "pyproject.toml").touch()

    @property
    def env(self) -> Path:
        return self.folder / ".venv"

    @property
    def installed(self) -> list[str]:
        record = self.folder / "installed"
        return record.read_text().splitlines() if record.exists() else []

    def has(self, name: str, script: str) -> None:
        write_script(self.tools / name, script)

    def is_ready(self) -> "Checkout":
        for name in ("python", "spotify-elt"):
            write_script(self.env / "bin" / name, PROGRAM)
        (self.env / ".ready").write_text(str(self.folder))
        return self

    def make(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": str(self.tools), "HOME": str(self.folder)}
        return subprocess.run(
            ["make", *words], cwd=self.folder, env=clean | environment, capture_output=True, text=True, check=False
        )


def write_script(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script)
    file.chmod(0o755)


def python(*, too_old: bool = False, bare: bool = False, install: str = "exit 0") -> str:
    return PYTHON.format(too_old=int(too_old), bare=int(bare), install=install)
