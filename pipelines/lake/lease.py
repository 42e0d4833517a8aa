"""One run at a time on S3: a lock object with a holder, which expires unless the holder renews it."""

import datetime as dt
import json
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.lake.lock_object import LEASE_S, NAME, ConditionFailed, Holder, call, found_holder
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text, utc_now

__all__ = ["LAST_S", "LEASE_S", "RENEW_EVERY_S", "Busy", "LeaseLost", "holder", "leased"]

RENEW_EVERY_S = 150.0
# No write starts in the last seconds of the lease, so that every write arrives before the lease ends.
LAST_S = 60.0


class Busy(Exception):
    """Another run holds the lake. The message names the run; `verb` is empty when nobody knows what it does."""

    def __init__(self, message: str, verb: str = "") -> None:
        super().__init__(message)
        self.verb = verb


class LeaseLost(Busy):
    """This run no longer holds the lake, so it must not write any more."""


@contextmanager
def leased(lake: Lake, machine: Path, verb: str) -> Iterator[None]:
    """Hold the lake. Raises Busy when another run holds it, and LeaseLost when this run lost it before the block ended.

    The caller holds the file lock on the machine's folder. A lease of the same folder therefore belongs to a dead run
    and is taken over at once. A lease of another machine is taken over if it was not renewed for LEASE_S seconds.
    """
    lease = _Lease(lake, _machine_id(machine), verb)
    if other := lease.take():
        raise Busy(f"another run holds {lake.url}: {other}", other.record.get("verb", ""))
    lake.aws.guards.append(lease.before_write)
    threading.Thread(target=lease.keep, daemon=True).start()
    try:
        yield
    except LeaseLost:
        raise
    except Exception as error:
        # Libraries wrap the error that the guard raises, and dlt keeps only its text. So ask the lease itself.
        if lease.lost:
            raise LeaseLost(lease.lost) from error
        raise
    finally:
        lake.aws.guards.remove(lease.before_write)
        lease.end()


def holder(lake: Lake) -> Holder | None:
    """Who holds the lake now; None when nobody does."""
    found = found_holder(lake)
    return found if found and found.age_s < LEASE_S else None


class _Lease:
    """`lost` is empty while this run holds the lake. Afterwards it is the message for the user."""

    def __init__(self, lake: Lake, machine_id: str, verb: str) -> None:
        self.lost = ""
        self._lake = lake
        since = as_text(utc_now())
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
        """Try to take the lake. Returns None on success, else the run that holds the lake."""
        for _ in range(3):
            try:
                self._put(IfNoneMatch="*")
                return None
            except ConditionFailed:
                pass
            found = found_holder(self._lake)
            if found is None:
                continue  # the other run ended between the two requests
            if found.record.get("machine") != self._record["machine"] and found.age_s < LEASE_S:
                return found
            try:
                self._put(IfMatch=found.etag)
                return None
            except ConditionFailed:
                pass
        return found_holder(self._lake) or Holder("", 0, dt.datetime.now(dt.UTC), {})

    def keep(self) -> None:
        """Renew the lease until the run ends or has lost it."""
        while not self.lost and not self._ended.wait(RENEW_EVERY_S):
            with self._one_at_a_time:
                if self._ended.is_set():
                    return
                try:
                    self._record["renewed"] += 1
                    self._with_etag(self._put)
                except ConditionFailed:
                    self._lose("another run has taken the lake over, because this run was suspended for too long")
                except Exception as error:  # an error of S3, the network or s3fs: the next renewal may succeed
                    if self.seconds_left < LAST_S:
                        self._lose(f"the lock of the lake could not be renewed ({error})")

    def before_write(self, url: str) -> None:
        """The guard that is called before every request that writes. If it raises LeaseLost, nothing is sent."""
        if urlsplit(url).path.endswith(f"/{NAME}"):
            return
        if not self.lost and self.seconds_left < LAST_S:
            self._lose("the lock of the lake was not renewed in time, for instance because this machine slept")
        if self.lost:
            raise LeaseLost(self.lost)

    def _lose(self, reason: str) -> None:
        self.lost = f"stopped: {reason}; nothing is lost: the next run continues from here"

    def _with_etag(self, act: Callable[..., Any]) -> None:
        try:
            act(IfMatch=self._etag)
        except ConditionFailed:
            # If the answer to a renewal was lost, the object has a newer ETag, but this run still holds the lake.
            found = found_holder(self._lake)
            if not found or found.record.get("run") != self._record["run"]:
                raise
            act(IfMatch=found.etag)

    @property
    def seconds_left(self) -> float:
        """Seconds in which no other run can take the lake.

        The smaller result of two clocks counts, because one of them stops while the machine sleeps.
        """
        return LEASE_S - max(now - put for now, put in zip(_now(), self._put_at, strict=True))

    def end(self) -> None:
        self._ended.set()
        with self._one_at_a_time:
            try:
                self._with_etag(partial(call, self._lake, "delete_object"))
            except Exception:
                pass  # the lease expires by itself, and this error must not hide how the run ended

    def _put(self, **condition: str) -> None:
        put_at = _now()
        answer = call(self._lake, "put_object", Body=json.dumps(self._record).encode(), **condition)
        self._etag, self._put_at = answer["ETag"], put_at


def _machine_id(folder: Path) -> str:
    """A random name, kept in the working folder, and the host: a copy on another host counts as another machine."""
    file = folder / "machine_id"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if not kept:
        kept = uuid.uuid4().hex
        file.write_text(kept, encoding="utf-8")
    return f"{kept} on {platform.node()}"


def _now() -> tuple[float, float]:
    return time.monotonic(), time.time()
