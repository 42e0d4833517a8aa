"""One run at a time: a lock that the kernel drops with the process, so that a crash cannot leave it behind."""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another run holds the lake; the message says which."""


@contextmanager
def held(folder: Path, verb: str) -> Iterator[None]:
    """Hold the folder for one run. The file stays: it is the lock on it that counts, not its being there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another run holds {folder}: {_holder(folder)}; this one ends here") from None
        file.truncate(0)
        started = dt.datetime.now().astimezone()
        file.write(json.dumps({"verb": verb, "pid": os.getpid(), "since": started.isoformat(timespec="seconds")}))
        file.flush()
        yield
        file.truncate(0)


def holder(folder: Path) -> str | None:
    """Who holds the folder now; None when nobody does."""
    try:
        with (folder / ".lock").open("r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _holder(folder)
    return None


def _holder(folder: Path) -> str:
    try:
        who = json.loads((folder / ".lock").read_text(encoding="utf-8"))
        return f"`{who['verb']}`, process {who['pid']}, since {who['since']}"
    except (ValueError, KeyError, OSError):
        return "it has just begun"
