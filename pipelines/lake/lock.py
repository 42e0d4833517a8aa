"""One run at a time: a file lock, which the kernel releases with the process, and a lease for a lake on S3."""

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.lake import lease
from pipelines.lake.lease import Busy
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text

__all__ = ["Busy", "held", "holder", "locked", "locker"]


@contextmanager
def held(lake: Lake, machine: Path, verb: str) -> Iterator[None]:
    """Hold the lake for one run. `machine` is the working folder of this machine for the lake.

    Raises Busy when another run holds the lake, and LeaseLost when this run held the lake on S3 and lost it.
    """
    if lake.is_local:
        with locked(Path(lake.root), verb):
            yield
        return
    with locked(machine, verb), lease.leased(lake, machine, verb):
        yield


def holder(lake: Lake) -> str | None:
    """Who holds the lake now; None when nobody does."""
    if lake.is_local:
        return locker(Path(lake.root))
    found = lease.holder(lake)
    return str(found) if found else None


@contextmanager
def locked(folder: Path, verb: str) -> Iterator[None]:
    """Lock the folder. The lock file is never deleted; only the flock on it matters. Raises Busy."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who, other = _who(folder)
            raise Busy(f"another run on this machine is under way: {who}; this run ends here", other) from None
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
        return _who(folder)[0]
    return None


def _who(folder: Path) -> tuple[str, str]:
    """Who has locked the folder, for people, and its verb."""
    try:
        who = json.loads((folder / ".lock").read_text(encoding="utf-8"))
        return f"`{who['verb']}`, process {who['pid']}, since {as_text(who['since'])}", who["verb"]
    except (ValueError, KeyError, OSError):
        return "a run that has just started", ""
