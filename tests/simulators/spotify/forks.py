"""Demo servers as forks of one process that has imported everything. A fork takes a tenth of the time of a new process.

`start(flags)` runs `python -m pipelines.demo` with these flags. The process that forks ends with this one.
"""

import atexit
import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[3]
MODULE = "tests.simulators.spotify.forks"
LONGEST = 65_536
"""Bytes of a message."""


def start(flags: list[str]) -> tuple[int, IO[bytes], IO[bytes]]:
    """Start a server. Gives its process id, its standard input and its standard output."""
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    asking = _forking_process()
    socket.send_fds(asking, [json.dumps(flags).encode()], [in_read, out_write])
    os.close(in_read)
    os.close(out_write)
    return int(asking.recv(LONGEST)), os.fdopen(in_write, "wb", buffering=0), os.fdopen(out_read, "rb")


@functools.cache
def _forking_process() -> socket.socket:
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    process = subprocess.Popen([sys.executable, "-m", MODULE], stdin=its.fileno(), cwd=ROOT)
    its.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def main() -> None:
    """Fork a server for each message on standard input, until the other side closes it."""
    from pipelines.demo import __main__ as demo
    from tests.simulators.spotify import control  # noqa: F401 - imported once, for all servers

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the tests, and their end ends this process
    asked = socket.socket(fileno=os.dup(0))
    while True:
        message, files, _, _ = socket.recv_fds(asked, LONGEST, 2)
        _forget_ended_children()
        if not message:
            return
        child = os.fork()
        if child == 0:
            asked.close()
            for number, file in enumerate(files):
                os.dup2(file, number)
                os.close(file)
            sys.argv[1:] = json.loads(message)
            demo.main()
            return
        for file in files:
            os.close(file)
        asked.send(str(child).encode())


def _forget_ended_children() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
