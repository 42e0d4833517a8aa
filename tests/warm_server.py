"""The process that forks a Python program for each wish that `tests/warm.py` sends to its socket."""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import sysconfig
import threading
import traceback
from types import ModuleType
from typing import Any

from tests import dbt_caches, library_caches
from tests.warm import LONGEST

LIBRARIES = ("boto3", "dbt.adapters.duckdb", "dbt.cli.main", "duckdb", "rich.console", "rich.table", "spotipy", "yaml")


def main() -> None:
    """Serve until the other side closes standard input."""
    _import_libraries()
    asked = socket.socket(socket.AF_UNIX)
    asked.bind(sys.argv[1])
    asked.listen()
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the tests, and their end ends this process
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    print("ready", flush=True)
    waiting: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([0, asked.fileno(), ended], [], [])
        if 0 in ready:
            os._exit(0)
        if ended in ready:
            os.read(ended, 1000)
            _tell_ends(waiting)
        if asked.fileno() in ready:
            client, _ = asked.accept()
            message, files, _, _ = socket.recv_fds(client, LONGEST, 3)
            while more := client.recv(LONGEST):
                message += more
            child = os.fork()
            if child == 0:
                _take(files, [asked.fileno(), ended, wake, *(one.fileno() for one in (client, *waiting.values()))])
                _be(json.loads(message))
            for file in files:
                os.close(file)
            client.sendall(f"{child}\n".encode())
            waiting[child] = client


def _import_libraries() -> None:
    os.fsync = lambda fd: None  # as in the tests
    library_caches.install()
    dbt_caches.install_with_dbt()
    for name in LIBRARIES:
        importlib.import_module(name)
    # A program imports the project from its own folder. The module of dbt's command reads the .env file of its folder.
    for name in list(sys.modules):
        if name.split(".")[0] in ("pipelines", "orchestration", "tests") or name == "dbt.cli.main":
            del sys.modules[name]
    gc.collect()
    gc.freeze()


def _tell_ends(waiting: dict[int, socket.socket]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            client = waiting.pop(found[0])
            with contextlib.suppress(BrokenPipeError):
                client.sendall(f"{os.waitstatus_to_exitcode(found[1])}\n".encode())
            client.close()


def _take(files: list[int], of_server: list[int]) -> None:
    """Make the three files the standard input, output and error, and leave nothing open of the server."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for file in of_server:
        os.close(file)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115


def _be(wish: dict[str, Any]) -> None:
    """Be `python` with these arguments. Never returns."""
    os.chdir(wish["cwd"])
    os.environ.clear()
    os.environ.update(wish["env"])
    own = (
        wish["path"] if wish["path"] is not None else ["", *filter(None, wish["env"].get("PYTHONPATH", "").split(":"))]
    )
    standard = [place for place in sys.path if place.startswith(sysconfig.get_path("stdlib"))]
    sys.path[:] = [*own, *standard, sysconfig.get_path("purelib")]
    code = 1
    try:
        kind, *arguments = wish["arguments"]
        _start(kind, arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    ended: Any = threading
    ended._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _start(kind: str, arguments: list[str]) -> None:
    if kind == "-m":
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv = ["-c", *arguments[1:]]
        sys.modules["__main__"] = program = ModuleType("__main__")
        exec(compile(arguments[0], "<string>", "exec"), vars(program))
    else:
        sys.argv = [kind, *arguments]
        sys.path.insert(0, os.path.dirname(kind))  # noqa: PTH120
        runpy.run_path(kind, run_name="__main__")


if __name__ == "__main__":
    main()
