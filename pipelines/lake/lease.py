"""One run at a time on S3: a lock object with a holder, which expires unless the holder renews it."""

import datetime as dt
import json
import platform
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

from pipelines.aws.errors import code_of
from pipelines.lake.store import Lake

LEASE_S = 600.0
RENEW_EVERY_S = 150.0
# No write starts in the last seconds of the lease, so that every write arrives before the lease ends.
LAST_S = 60.0
NAME = ".lock"
REFUSED_CONDITIONS = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


class Busy(Exception):
    """Another run holds the lake. The message names the run."""


class LeaseLost(Busy):
    """This run no longer holds the lake, so it must not write any more."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lake. `age_s` is the time since the last renewal, by the clock of S3."""

    etag: str
    age_s: float
    renewed_at: dt.datetime
    record: dict[str, Any]

    def __str__(self) -> str:
        if not self.record:
            return "a run that has just started"
        ends_at = self.renewed_at + dt.timedelta(seconds=LEASE_S)
        who = f"`{self.record.get('verb')}` on {self.record.get('host')}, since {self.record.get('since')}"
        return f"{who}; if that run is dead, its lock ends by itself at {ends_at:%H:%M:%S} UTC"


@contextmanager
def leased(lake: Lake, machine: Path, verb: str) -> Iterator[None]:
    """Hold the lake. Raises Busy when another run holds it, and LeaseLost when the body could not write any more.

    The caller holds the file lock on the machine's folder. A lease of the same folder therefore belongs to a dead run,
    and is taken over at once. A lease of another machine is taken over when it was not renewed for LEASE_S.
    """
    lease = _Lease(lake, _machine_id(machine), verb)
    if other := lease.take():
        raise Busy(f"another run holds {lake.url}: {other}")
    lake.aws.guards.append(lease.before_write)
    threading.Thread(target=lease.keep, daemon=True).start()
    try:
        yield
    except LeaseLost:
        raise
    except Exception as error:
        # Libraries wrap what the guard raises, and dlt keeps only its text.
        if lease.lost:
            raise LeaseLost(lease.lost) from error
        raise
    finally:
        lake.aws.guards.remove(lease.before_write)
        lease.end()


def holder(lake: Lake) -> Holder | None:
    """Who holds the lake now; None when nobody does."""
    found = _found(lake)
    return found if found and found.age_s < LEASE_S else None


class _Lease:
    """`lost` is empty while this run may write, and the message for its user afterwards."""

    def __init__(self, lake: Lake, machine_id: str, verb: str) -> None:
        self.lost = ""
        self._lake = lake
        since = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
        self._record: dict[str, Any] = {
            "verb": verb,
            "host": platform.node(),
            "since": since,
            "machine": machine_id,
            # Makes every body unique. Otherwise a late request of a dead run could match the ETag of this run.
            "run": uuid.uuid4().hex,
            "renewed": 0,
        }
        self._etag = ""
        self._put_at = _now()
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()

    def take(self) -> Holder | None:
        """None when this run holds the lake now, else who holds it."""
        for _ in range(3):
            try:
                self._put(IfNoneMatch="*")
                return None
            except _ConditionFailed:
                pass
            found = _found(self._lake)
            if found is None:
                continue  # the other run ended between the two requests
            if found.record.get("machine") != self._record["machine"] and found.age_s < LEASE_S:
                return found
            try:
                self._put(IfMatch=found.etag)
                return None
            except _ConditionFailed:
                pass
        return _found(self._lake) or Holder("", 0, dt.datetime.now(dt.UTC), {})

    def keep(self) -> None:
        """Renew the lease until the run ends or has lost it."""
        while not self.lost and not self._ended.wait(RENEW_EVERY_S):
            with self._one_at_a_time:
                if self._ended.is_set():
                    return
                try:
                    self._record["renewed"] += 1
                    self._with_etag(self._put)
                except _ConditionFailed:
                    self._lose("another run has taken the lake over, because this run was suspended for too long")
                except Exception as error:  # of S3, the network or s3fs: the next renewal may succeed
                    if self.seconds_left < LAST_S:
                        self._lose(f"the lock of the lake could not be renewed ({error})")

    def before_write(self, url: str) -> None:
        """The guard of every request that writes. Raises LeaseLost, and nothing is sent."""
        if urlsplit(url).path.endswith(f"/{NAME}"):
            return
        if not self.lost and self.seconds_left < LAST_S:
            self._lose("the lock of the lake was not renewed in time, for instance because this machine slept")
        if self.lost:
            raise LeaseLost(self.lost)

    def _lose(self, reason: str) -> None:
        self.lost = f"stopped: {reason}; nothing is lost: the next run goes on from here"

    def _with_etag(self, act: Callable[..., Any]) -> None:
        try:
            act(IfMatch=self._etag)
        except _ConditionFailed:
            # When the answer to a renewal was lost, the object has a newer ETag and is still ours.
            found = _found(self._lake)
            if not found or found.record.get("run") != self._record["run"]:
                raise
            act(IfMatch=found.etag)

    @property
    def seconds_left(self) -> float:
        """How long no other run can take the lake. While a machine sleeps, only one of the two clocks goes on."""
        return LEASE_S - max(now - put for now, put in zip(_now(), self._put_at, strict=True))

    def end(self) -> None:
        self._ended.set()
        with self._one_at_a_time:
            try:
                self._with_etag(partial(_call, self._lake, "delete_object"))
            except Exception:
                pass  # the lease expires by itself, and this error must not hide how the run ended

    def _put(self, **condition: str) -> None:
        put_at = _now()
        answer = _call(self._lake, "put_object", Body=json.dumps(self._record).encode(), **condition)
        self._etag, self._put_at = answer["ETag"], put_at


class _ConditionFailed(Exception):
    """The object is not what IfMatch or IfNoneMatch asks for."""


def _call(lake: Lake, method: str, **arguments: Any) -> dict[str, Any]:
    bucket, _, prefix = lake.root.partition("/")
    try:
        answer: dict[str, Any] = lake.fs.call_s3(method, Bucket=bucket, Key=f"{prefix}/{NAME}".lstrip("/"), **arguments)
    except OSError as error:
        # ConditionalRequestConflict: another write to the object was under way. NoSuchKey: the object is deleted.
        if arguments.keys() & {"IfMatch", "IfNoneMatch"} and code_of(error) in REFUSED_CONDITIONS:
            raise _ConditionFailed from None
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
    """A random name of this working folder, with the host: a copy of the folder on another host is another machine."""
    file = folder / "machine_id"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if not kept:
        kept = uuid.uuid4().hex
        file.write_text(kept, encoding="utf-8")
    return f"{kept} on {platform.node()}"


def _now() -> tuple[float, float]:
    return time.monotonic(), time.time()
