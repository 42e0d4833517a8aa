"""What the tests of the real zips need: Python 3.12, AWS's emulator with its runtime, the zips."""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from orchestration.aws_lambda.package import BUILT, FUNCTIONS, NOT_OURS, PYTHON, package
from orchestration.exit_codes import UserError
from orchestration.publish.environment import python_of
from pipelines.settings import ROOT, load_settings

EMULATOR = "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie"
VERSION = "v0.0.0-20261030222936-bef5c4ba774d"
RUNTIME = Path(__file__).with_name("awslambdaric.txt")
KEPT = ROOT / ".venv" / "lambda"


def missing(what: str) -> NoReturn:
    """Skip the test because of what could be fetched from a package index. Where CI is set it fails."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def needed_python() -> Path:
    """A Python of the version that Lambda runs. Skips the test when this machine has none."""
    if python := lambda_python():
        return python
    pytest.skip(f"this machine has no Python {PYTHON}: `uv python install {PYTHON}` installs one")


@cache
def lambda_python() -> Path | None:
    """A Python of the version that Lambda runs; None when this machine has none."""
    names = [f"python{PYTHON}", sys.executable]
    if uv := shutil.which("uv"):
        found = subprocess.run([uv, "python", "find", PYTHON], capture_output=True, text=True, check=False)
        names.insert(0, found.stdout.strip())
    for name in filter(None, names):
        ask = [name, "-c", "import sys; print(sys.executable, *sys.version_info[:2], sep='\\n')"]
        try:
            answer = subprocess.run(ask, capture_output=True, text=True, check=False)
        except OSError:
            continue
        program, *version = answer.stdout.split("\n")[:3] or [""]
        if answer.returncode == 0 and ".".join(version) == PYTHON:
            return Path(program)
    return None


def python_with_runtime() -> Path:
    """The Python of an environment with AWS's runtime interface client, made once."""
    try:
        return python_of(RUNTIME, KEPT / "runtime", needed_python())
    except UserError as error:
        missing(str(error))


def emulator() -> Path:
    """AWS's runtime interface emulator, built once from the Go module proxy; that takes a minute or two."""
    program = KEPT / "bin" / "aws-lambda-rie"
    if program.exists():
        return program
    go = shutil.which("go")
    if go is None:
        pytest.skip("this machine has no Go, which builds the runtime interface emulator: https://go.dev/doc/install")
    environment = dict(os.environ) | {"GOBIN": str(program.parent)}
    built = subprocess.run(
        [go, "install", f"{EMULATOR}@{VERSION}"], env=environment, capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.skip(f"the emulator cannot be built from the Go module proxy: {built.stderr[-300:]}")
    return program


@cache
def zips() -> Path:
    """The folder with the zips of this code, made again when the code, its lock or a zip has changed."""
    stamp, code = BUILT / "made_of", _hash_of_code()
    if not stamp.exists() or stamp.read_text() != code + _hash_of_zips():
        try:
            package(load_settings({}, ROOT / "build"))
        except UserError as error:
            missing(str(error))
        stamp.write_text(code + _hash_of_zips())
    return BUILT


def _hash_of_zips() -> str:
    """`make lambda ARGS=--arm64` writes zips of the same code for another machine."""
    found = hashlib.sha256()
    for file in (BUILT / f"{name}.zip" for name in FUNCTIONS):
        found.update(file.read_bytes() if file.exists() else b"")
    return found.hexdigest()


def _hash_of_code() -> str:
    found = hashlib.sha256()
    for folder in ("pipelines", "orchestration", "transform"):
        for file in sorted((ROOT / folder).rglob("*")):
            parts = set(file.relative_to(ROOT).parts)
            if file.is_file() and file.suffix != ".pyc" and not parts & set(NOT_OURS) and file.name != ".env":
                found.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    for name in FUNCTIONS:
        found.update((ROOT / "orchestration" / "aws_lambda" / f"{name}.txt").read_bytes())
    return found.hexdigest()
