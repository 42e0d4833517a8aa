"""One run at a time: the kernel drops the lock with the process, S3 the lease with time. No crash leaves one behind."""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.lake import lease
from pipelines.lake.store import Lake


class Busy(Exception):
    """Another run holds the lake; the message says which."""


@contextmanager
def held(lake: Lake, machine: Path, verb: str) -> Iterator[None]:
    """Hold the lake for one run. `machine` is this machine's working folder for the lake. Raises Busy."""
    if lake.is_local:
        with locked(Path(lake.root), verb):
            yield
        return
    with locked(machine, verb), lease.leased(lake, machine, verb) as other:
        if other:
            raise Busy(f"another run holds {lake.url}: {other}")
        yield


def holder(lake: Lake) -> str | None:
    """Who holds the lake now; None when nobody does."""
    if lake.is_local:
        return locker(Path(lake.root))
    found = lease.holder(lake)
    return str(found) if found else None


@contextmanager
def locked(folder: Path, verb: str) -> Iterator[None]:
    """Lock the folder. The file stays: it is the lock on it that counts, not its being there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another run of this machine is under way: {_told_by(folder)}; this one ends here") from None
        file.truncate(0)
        started = dt.datetime.now().astimezone()
        file.write(json.dumps({"verb": verb, "pid": os.getpid(), "since": started.isoformat(timespec="seconds")}))
        file.flush()
        yield
        file.truncate(0)


def locker(folder: Path) -> str | None:
    """Who has locked the folder; None when nobody has."""
    try:
        with (folder / ".lock").open("r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _told_by(folder)
    return None


def _told_by(folder: Path) -> str:
    try:
        who = json.loads((folder / ".lock").read_text(encoding="utf-8"))
        return f"`{who['verb']}`, process {who['pid']}, since {who['since']}"
    except (ValueError, KeyError, OSError):
        return "it has just begun"
