"""One run at a time on S3: an object that only one can create, kept alive by its holder, ending by itself."""

import datetime as dt
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from pipelines.lake.place import Lake

LEASE_S = 600.0
RENEW_EVERY_S = 150.0
NAME = ".lock"
LOST = 7


@dataclass(frozen=True)
class Holder:
    """Who holds the lake, as S3 has it. `age_s` is by S3's own clock, since the last renewal."""

    etag: str
    age_s: float
    renewed_at: dt.datetime
    record: dict[str, Any]

    def __str__(self) -> str:
        ends_at = self.renewed_at + dt.timedelta(seconds=LEASE_S)
        who = f"`{self.record.get('verb')}`, since {self.record.get('since')}"
        return f"{who}; should that run be dead, its lock ends by itself at {ends_at:%H:%M} UTC"


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
    keeper = threading.Thread(target=lease.keep, daemon=True)
    keeper.start()
    try:
        yield None
    finally:
        lease.end()


def holder(lake: Lake) -> Holder | None:
    """Who holds the lake now; None when nobody does."""
    found = _found(lake)
    return found if found and found.age_s < LEASE_S else None


class _Lease:
    def __init__(self, lake: Lake, machine_id: str, verb: str) -> None:
        self._lake = lake
        since = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
        self._record: dict[str, Any] = {"verb": verb, "since": since, "machine": machine_id, "renewed": 0}
        self._etag = ""
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
        renewed = time.monotonic()
        while not self._ended.wait(RENEW_EVERY_S):
            try:
                with self._one_at_a_time:
                    if self._ended.is_set():
                        return
                    self._record["renewed"] += 1
                    self._put(IfMatch=self._etag)
                renewed = time.monotonic()
            except _NotMine:
                # A renewal whose answer was lost and that was sent again meets its own first attempt.
                found = _found(self._lake)
                if not found or found.record != self._record:
                    _stop("another run has taken the lake over, for this one stood still")
                else:
                    self._etag = found.etag
            except OSError as error:
                if time.monotonic() - renewed > LEASE_S - 2 * RENEW_EVERY_S:
                    _stop(f"the lake's lock could not be renewed ({error})")

    def end(self) -> None:
        self._ended.set()
        with self._one_at_a_time:
            try:
                _call(self._lake, "delete_object", IfMatch=self._etag)
            except (_NotMine, OSError):
                pass  # it ends by itself

    def _put(self, **condition: str) -> None:
        answer = _call(self._lake, "put_object", Body=json.dumps(self._record).encode(), **condition)
        self._etag = answer["ETag"]


class _NotMine(Exception):
    """S3's answer to a condition that does not hold."""


def _call(lake: Lake, method: str, **arguments: Any) -> dict[str, Any]:
    bucket, _, prefix = lake.root.partition("/")
    try:
        answer: dict[str, Any] = lake.fs.call_s3(method, Bucket=bucket, Key=f"{prefix}/{NAME}".lstrip("/"), **arguments)
    except OSError as error:
        code = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")
        # ConditionalRequestConflict: another write to the same object was under way.
        if code in ("PreconditionFailed", "ConditionalRequestConflict"):
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
    """A random name of this working folder, made once."""
    file = folder / "machine_id"
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if not kept:
        kept = uuid.uuid4().hex
        file.write_text(kept, encoding="utf-8")
    return kept


def _stop(reason: str) -> None:
    sys.stderr.write(f"stopped: {reason}; nothing is lost: the next run goes on from here\n")
    sys.stderr.flush()
    os._exit(LOST)
