"""Loads in forked children: everything is imported once, and a child can be killed before its n-th file call.

Reads one JSON line a load from standard input, `{"now", "window", "nth", "environment"}`, and answers each with
`{"exit", "calls"}`: exit -9 is a kill before the n-th file call that fits the window; `calls` are all file calls,
in order.
"""

import dataclasses
import datetime as dt
import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

from pipelines import load as loading
from pipelines import settings as values
from pipelines.lake import compact

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main() -> None:
    # So that every run folds too.
    compact.OPEN_MONTH_FILES = compact.LOAD_RECORDS = 1
    for line in sys.stdin:
        wish = json.loads(line)
        log = Path(wish["environment"]["DUCKDB_PATH"]).with_name("calls.txt")
        log.write_text("")
        child = os.fork()
        if child == 0:
            _load(wish, log)
        _, status = os.waitpid(child, 0)
        answer = {"exit": os.waitstatus_to_exitcode(status), "calls": log.read_text().splitlines()}
        print(json.dumps(answer), flush=True)


def _load(wish: dict[str, Any], log: Path) -> None:
    """Never returns."""
    settings = values.load(wish["environment"], Path(wish["environment"]["HOME"]))
    settings = dataclasses.replace(settings, now=dt.datetime.fromisoformat(wish["now"]))
    values.provide(settings)
    _watch(settings.data_dir, re.compile(wish["window"]), wish["nth"], log)
    try:
        loading.load(settings)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _watch(folder: Path, window: re.Pattern[str], nth: int, log: Path) -> None:
    """Writes down the file calls below the folder, and kills this process before the one that is asked for."""
    calls = os.open(log, os.O_WRONLY | os.O_APPEND)
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            if not isinstance(arguments[2], int) or not arguments[2] & WRITING:
                return
        elif event not in CHANGES:
            return
        path = str(arguments[0])
        if not path.startswith(str(folder)) or path.endswith("calls.txt"):
            return
        told = [str(name).removeprefix(str(folder)) for name in arguments[:2] if isinstance(name, str)]
        call = f"{event} {' -> '.join(told) if event == 'os.rename' else told[0]}"
        if window.search(call):
            if count == nth:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
        os.write(calls, f"{call}\n".encode())

    sys.addaudithook(hook)


if __name__ == "__main__":
    main()
