"""Python programs as forks of one process that has imported the libraries. Importing dlt and dbt takes four seconds.

`run(["-m", "orchestration", "elt"], cwd, env)` is `python -m orchestration elt`: a process of its own, with its own
folder, environment and files. It imports the project from its own `sys.path`. `script(file, ...)` writes an executable
file that starts such a process, for tests that need a command. The process that forks ends with this one.
"""

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

ROOT = Path(__file__).parents[1]
LONGEST = 1_000_000
"""Bytes of a message."""
SCRIPT = """#!{python} -IS
import json, os, socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
wish = dict(arguments={arguments!r} + sys.argv[1:], cwd=os.getcwd(), env=dict(os.environ), path={path!r})
socket.send_fds(asked, [json.dumps(wish).encode()], [0, 1, 2])
asked.shutdown(socket.SHUT_WR)
answers = asked.makefile()
answers.readline()
sys.exit(int(answers.readline()) % 256)
"""


class Program:
    """A running program: `pid`, and `wait()` for its exit code."""

    def __init__(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], files: Sequence[int] = (0, 1, 2)
    ) -> None:
        self._asked = socket.socket(socket.AF_UNIX)
        self._asked.connect(address())
        wish = {"arguments": list(arguments), "cwd": str(cwd), "env": dict(env), "path": None}
        socket.send_fds(self._asked, [json.dumps(wish).encode()], files)
        self._asked.shutdown(socket.SHUT_WR)
        self._answers = self._asked.makefile()
        self.pid = int(self._answers.readline())

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._answers.close()
        self._asked.close()

    def wait(self) -> int:
        """The exit code; that of a killed program is the negative number of the signal."""
        return int(self._answers.readline())


def run(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `python` with these arguments until it ends, with nothing on its standard input."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, Path(os.devnull).open() as nothing:
        with Program(arguments, cwd, env, (nothing.fileno(), out.fileno(), err.fileno())) as program:
            code = program.wait()
        return subprocess.CompletedProcess(list(arguments), code, _text(out), _text(err))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def script(file: Path, arguments: Sequence[str], path: Sequence[str]) -> None:
    """Write a command that runs `python` with these arguments. `path` begins its `sys.path`."""
    text = SCRIPT.format(python=sys.executable, address=address(), arguments=list(arguments), path=list(path))
    file.write_text(text)
    file.chmod(0o755)


@functools.cache
def address() -> str:
    """The socket of the process that forks. The first call starts it."""
    folder = tempfile.TemporaryDirectory(prefix="warm")
    found = str(Path(folder.name) / "asked")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warm_server", found], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    streams: Any = process
    assert streams.stdout.readline() == b"ready\n"

    def end() -> None:
        streams.stdin.close()
        process.wait()
        folder.cleanup()

    atexit.register(end)
    return found
