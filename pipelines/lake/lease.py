"""One run at a time on S3: an object that only one can create, kept alive by its holder, ending by itself."""

import datetime as dt
import json
import os
import platform
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.aws import usage
from pipelines.aws.errors import code_of
from pipelines.lake.store import Lake

LEASE_S = 600.0
RENEW_EVERY_S = 150.0
# A request that is sent this long before the lease is over arrives before it is over.
LAST_S = 60.0
NAME = ".lock"
LOST = 7
REFUSED_CONDITIONS = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


@dataclass(frozen=True)
class Holder:
    """Who holds the lake, as S3 has it. `age_s` is by S3's own clock, since the last renewal."""

    etag: str
    age_s: float
    renewed_at: dt.datetime
    record: dict[str, Any]

    def __str__(self) -> str:
        if not self.record:
            return "it has just begun"
        ends_at = self.renewed_at + dt.timedelta(seconds=LEASE_S)
        who = f"`{self.record.get('verb')}` on {self.record.get('host')}, since {self.record.get('since')}"
        return f"{who}; should that run be dead, its lock ends by itself at {ends_at:%H:%M:%S} UTC"


@contextmanager
def leased(lake: Lake, machine: Path, verb: str) -> Iterator[Holder | None]:
    """Hold the lake, or give who holds it.

    The caller holds the kernel's lock on the machine's folder. So a lease of this same folder is a dead run's, and is
    taken over at once; that of another machine when it was not renewed for LEASE_S.
    """
    lease = _Lease(lake, _machine_id(machine), verb)
    if other := lease.take():
        yield other
        return
    usage.hook("before-send.s3", _guard)
    lake.fs.s3.meta.events.register("before-send.s3", _guard, unique_id="lease")  # a session made before
    _held.append(lease)
    threading.Thread(target=lease.keep, daemon=True).start()
    try:
        yield None
    finally:
        lease.end()
        _held.remove(lease)


def holder(lake: Lake) -> Holder | None:
    """Who holds the lake now; None when nobody does."""
    found = _found(lake)
    return found if found and found.age_s < LEASE_S else None


class _Lease:
    def __init__(self, lake: Lake, machine_id: str, verb: str) -> None:
        self._lake = lake
        since = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
        self._record: dict[str, Any] = {
            "verb": verb,
            "host": platform.node(),
            "since": since,
            "machine": machine_id,
            # Equal content would have an equal ETag, and a request of a dead run that comes late would fit it.
            "run": uuid.uuid4().hex,
            "renewed": 0,
        }
        self._etag = ""
        self._put_at = _now()
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()

    def take(self) -> Holder | None:
        for _ in range(3):
            try:
                self._put(IfNoneMatch="*")
                return None
            except _NotMine:
                pass
            found = _found(self._lake)
            if found is None:
                continue  # it ended between the two questions
            if found.record.get("machine") != self._record["machine"] and found.age_s < LEASE_S:
                return found
            try:
                self._put(IfMatch=found.etag)
                return None
            except _NotMine:
                pass
        return _found(self._lake) or Holder("", 0, dt.datetime.now(dt.UTC), {})

    def keep(self) -> None:
        """Renew until the run ends. A run that has lost its lease, or may have, is killed: the laws make every kill
        harmless, two writers are not.
        """
        while not self._ended.wait(RENEW_EVERY_S):
            with self._one_at_a_time:
                if self._ended.is_set():
                    return
                try:
                    self._record["renewed"] += 1
                    self._again(self._put)
                except _NotMine:
                    _stop("another run has taken the lake over, for this one stood still")
                except Exception as error:  # of S3, of the network, of s3fs: all are tried again
                    if self.seconds_left < LAST_S:
                        _stop(f"the lake's lock could not be renewed ({error})")

    def _again(self, act: Callable[..., Any]) -> None:
        try:
            act(IfMatch=self._etag)
        except _NotMine:
            # A renewal whose answer was lost is what the lock says now.
            found = _found(self._lake)
            if not found or found.record.get("run") != self._record["run"]:
                raise
            act(IfMatch=found.etag)

    @property
    def seconds_left(self) -> float:
        """How long nobody else can take the lake. A machine that sleeps stops one clock and not the other."""
        return LEASE_S - max(now - put for now, put in zip(_now(), self._put_at, strict=True))

    def end(self) -> None:
        self._ended.set()
        with self._one_at_a_time:
            try:
                self._again(partial(_call, self._lake, "delete_object"))
            except Exception:
                pass  # it ends by itself; how the run ended is not to be hidden by this

    def _put(self, **condition: str) -> None:
        put_at = _now()
        answer = _call(self._lake, "put_object", Body=json.dumps(self._record).encode(), **condition)
        self._etag, self._put_at = answer["ETag"], put_at


class _NotMine(Exception):
    """S3's answer to a condition that does not hold."""


def _call(lake: Lake, method: str, **arguments: Any) -> dict[str, Any]:
    bucket, _, prefix = lake.root.partition("/")
    try:
        answer: dict[str, Any] = lake.fs.call_s3(method, Bucket=bucket, Key=f"{prefix}/{NAME}".lstrip("/"), **arguments)
    except OSError as error:
        # ConditionalRequestConflict: another write to the same object was under way. NoSuchKey: it is gone.
        if arguments.keys() & {"IfMatch", "IfNoneMatch"} and code_of(error) in REFUSED_CONDITIONS:
            raise _NotMine from None
        raise
    return answer


def _found(lake: Lake) -> Holder | None:
    try:
        facts = _call(lake, "head_object")
        record = lake.read_json(NAME) or {}
    except FileNotFoundError:
        return None
    now = parsedate_to_datetime(facts["ResponseMetadata"]["HTTPHeaders"]["date"])
    renewed_at: dt.datetime = facts["LastModified"]
    return Holder(facts["ETag"], (now - renewed_at).total_seconds(), renewed_at, record)


def _machine_id(folder: Path) -> str:
    """A random name of this working folder, made once; a copy of the folder on another host is another machine."""
    file = folder / "machine_id"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if not kept:
        kept = uuid.uuid4().hex
        file.write_text(kept, encoding="utf-8")
    return f"{kept} on {platform.node()}"


def _now() -> tuple[float, float]:
    return time.monotonic(), time.time()


_held: list[_Lease] = []


def _guard(request: Any, **_: Any) -> None:
    """Asked before every request: past its time the lake may be another's, and nothing is written any more."""
    if request.method in ("GET", "HEAD") or urlsplit(request.url).path.endswith(f"/{NAME}"):
        return
    if any(lease.seconds_left < LAST_S for lease in _held):
        _stop("it stood still for so long that its lock on the lake has ended")


def _stop(reason: str) -> None:
    sys.stderr.write(f"stopped: {reason}; nothing is lost: the next run goes on from here\n")
    sys.stderr.flush()
    os._exit(LOST)
