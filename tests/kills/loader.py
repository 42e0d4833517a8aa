"""Loads in forked children: everything is imported once, and a child can be killed before its n-th file call, or
its n-th request to S3.

Reads one JSON line a load from standard input, `{"now", "window", "nth", "pauses", "environment"}`. The first, `{"now",
"environment"}`, is loaded in this process and has no answer. The answer to each other line is `{"exit", "calls"}`:
exit -9 is a kill before the n-th file call that fits the window; `calls` are all file calls, in order.

`pauses` are pairs of a window and a number. Before each of these calls the child stops with all its threads, so the
files are those that a kill at this call leaves. The answer is then `{"calls"}`; the last of them has not been done yet.
A line on standard input lets the child continue.
"""

import datetime as dt
import gc
import json
import os
import re
import signal
import sys
from collections import Counter
from pathlib import Path
from threading import Lock, get_ident
from typing import Any
from urllib.parse import urlsplit

from botocore import handlers, session
from dlt.common.storages import load_package

from pipelines import load as loading
from pipelines.lake import compact
from pipelines.lake.lock import held
from pipelines.lake.source import Source
from pipelines.lake.store import Lake
from pipelines.settings import Settings, load_settings
from pipelines.sources import SOURCES
from tests import library_caches
from tests.kills.load_times import load_times

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link"}
Point = tuple[str, int]
"""A window, and how many calls before this one fit it."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main() -> None:
    _warm(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        wish = json.loads(line)
        log = Path(wish["environment"]["HOME"], "calls.txt")
        log.write_text("")
        child = os.fork()
        if child == 0:
            _load(wish, log)
        while os.WIFSTOPPED(status := os.waitpid(child, os.WUNTRACED)[1]):
            _say({"calls": log.read_text().splitlines()})
            sys.stdin.readline()
            os.kill(child, signal.SIGCONT)
        _say({"exit": os.waitstatus_to_exitcode(status), "calls": log.read_text().splitlines()})


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _warm(wish: dict[str, Any]) -> None:
    """Load once in this process, so that no child imports or parses again what every load needs."""
    library_caches.install()
    os.fsync = lambda fd: None  # a kill, unlike a power cut, loses nothing that was written
    session.Session().create_client("s3", "eu-central-1")
    settings = _settings(wish)
    loading.load(settings, lake=Lake(settings.lake_url))
    gc.collect()
    gc.disable()  # a garbage collection in a child would copy the memory that it shares with this process
    gc.freeze()


def _settings(wish: dict[str, Any]) -> Settings:
    settings = load_settings(wish["environment"], Path(wish["environment"]["HOME"]))
    return settings.model_copy(update={"now": dt.datetime.fromisoformat(wish["now"])})


def _load(wish: dict[str, Any], log: Path) -> None:
    """Never returns."""
    settings = _settings(wish)
    compact.OPEN_MONTH_FILES = compact.LOAD_RECORDS = wish["files"]
    if wish["load_id"]:
        load_package.increasing_precise_time = load_times(float(wish["load_id"]))  # type: ignore[assignment, attr-defined]
    kill = Kill((wish["window"], wish["nth"]), {(window, nth) for window, nth in wish["pauses"]}, log)
    if settings.is_in_cloud:
        _watch_requests(kill)
    else:
        _watch_files(settings.work_dir, kill)
    try:
        lake = Lake.of(settings)
        with held(lake, settings.working_dir, "extract"):
            loading.load(settings, lake=lake, sources=_sources(wish))
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _sources(wish: dict[str, Any]) -> list[Source]:
    return [source for source in SOURCES if source.name in wish.get("sources", source.name)]


class Kill:
    """Writes the calls down, stops this process before some of them, and kills it before the one that is asked for."""

    def __init__(self, kill: Point, pauses: set[Point], log: Path) -> None:
        self._kill, self._pauses = kill, pauses
        self._windows = {window: re.compile(window) for window, _ in {kill, *pauses}}
        self._calls = os.open(log, os.O_WRONLY | os.O_APPEND)
        self._counts: Counter[str] = Counter()
        self._one_thread = Lock()

    def before(self, call: str) -> None:
        with self._one_thread:
            fitting = [name for name, window in self._windows.items() if window.search(call)]
            points = {(name, self._counts[name]) for name in fitting}
            if self._kill in points:
                os.kill(os.getpid(), signal.SIGKILL)
            self._counts.update(fitting)
            os.write(self._calls, f"{call}\n".encode())
            if points & self._pauses:
                signal.pthread_kill(get_ident(), signal.SIGSTOP)  # this thread goes no further either


def _watch_files(folder: Path, kill: Kill) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(arguments[2], int) or not arguments[2] & WRITING:
                return
        elif event not in CHANGES:
            return
        path = str(arguments[0])
        if not path.startswith(str(folder)):
            return
        told = [str(name).removeprefix(str(folder)) for name in arguments[:2] if isinstance(name, str)]
        kill.before(f"{event} {' -> '.join(told) if event == 'os.rename' else told[0]}")

    sys.addaudithook(hook)


def _watch_requests(kill: Kill) -> None:
    def hook(request: Any, event_name: str, **_: Any) -> None:
        kill.before(f"{event_name.removeprefix('before-send.')} {urlsplit(request.url).path}")

    handlers.BUILTIN_HANDLERS.append(("before-send.s3", hook))


if __name__ == "__main__":
    main()
