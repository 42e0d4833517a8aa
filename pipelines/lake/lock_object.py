"""The lock object of a lake on S3: who holds the lake, and the conditional requests that change it."""

import datetime as dt
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from pipelines.aws.errors import code_of
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text

NAME = ".lock"
LEASE_S = 600.0
REFUSED_CONDITIONS = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


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
        return f"{who}; if that run is dead, its lock ends by itself at {as_text(ends_at)}"


class ConditionFailed(Exception):
    """The object does not fulfil the IfMatch or IfNoneMatch condition of the request."""


def call(lake: Lake, method: str, **arguments: Any) -> dict[str, Any]:
    """Send one S3 request for the lock object. Raises ConditionFailed, and the errors of s3fs."""
    bucket, _, prefix = lake.root.partition("/")
    try:
        answer: dict[str, Any] = lake.fs.call_s3(method, Bucket=bucket, Key=f"{prefix}/{NAME}".lstrip("/"), **arguments)
    except OSError as error:
        # ConditionalRequestConflict: another write to the object was under way. NoSuchKey: the object is deleted.
        if arguments.keys() & {"IfMatch", "IfNoneMatch"} and code_of(error) in REFUSED_CONDITIONS:
            raise ConditionFailed from None
        raise
    return answer


def found_holder(lake: Lake) -> Holder | None:
    """The holder that the lock object names, even if the lease has expired. None when there is no object."""
    try:
        facts = call(lake, "head_object")
        record = lake.read_json(NAME) or {}
    except FileNotFoundError:
        return None
    now = parsedate_to_datetime(facts["ResponseMetadata"]["HTTPHeaders"]["date"])
    renewed_at: dt.datetime = facts["LastModified"]
    return Holder(facts["ETag"], (now - renewed_at).total_seconds(), renewed_at, record)
