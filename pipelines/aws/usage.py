"""Every request that this process sends to AWS, counted where botocore sends it: ours, s3fs's, dlt's and dbt's."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# List prices in USD, us-east-1 and eu-central-1 alike within 10 %, November 2026.
S3_WRITE = 0.005 / 1000  # PUT, COPY, POST, LIST
S3_READ = 0.0004 / 1000  # GET and all others; DELETE is free
ATHENA_BYTE = 5 / 10**12
ATHENA_LEAST_BYTES = 10 * 2**20  # billed for each statement at least
DEAR = ("Put", "List", "Copy", "Create", "Upload")
FREE = ("DeleteObject", "AbortMultipartUpload")


@dataclass
class Meter:
    """Requests by `service.Operation`, retries included; Athena's statements with what it says of each."""

    requests: Counter[str] = field(default_factory=Counter)
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sent(self, event_name: str, **_: Any) -> None:
        self.requests[event_name.removeprefix("before-send.")] += 1

    def told(self, parsed: dict[str, Any], **_: Any) -> None:
        """Athena's answer about a statement; the last one of each says what it scanned."""
        if found := parsed.get("QueryExecution"):
            self.statements[found["QueryExecutionId"]] = {
                "type": found.get("StatementType"),
                "subtype": found.get("SubstatementType"),
                "state": found.get("Status", {}).get("State"),
                "bytes": found.get("Statistics", {}).get("DataScannedInBytes", 0),
            }

    def of(self, service: str) -> dict[str, int]:
        found = (name.partition(".")[::2] for name in sorted(self.requests))
        return {operation: self.requests[f"{name}.{operation}"] for name, operation in found if name == service}

    def as_record(self) -> dict[str, Any]:
        """What the run's summary keeps of it."""
        return {
            "requests": dict(sorted(self.requests.items())),
            "statements": len(self.statements),
            "statements_billed": sum(map(is_billed, self.statements.values())),
            "bytes_scanned": sum(one["bytes"] for one in self.statements.values()),
            "dollars": round(self.dollars(), 6),
        }

    def dollars(self) -> float:
        """S3 requests and Athena's bytes; what Athena itself asks of S3 while it reads is not seen here."""
        s3 = self.of("s3")
        writes = sum(count for name, count in s3.items() if name.startswith(DEAR))
        writes += s3.get("CompleteMultipartUpload", 0) + s3.get("DeleteObjects", 0)
        free = sum(s3.get(name, 0) for name in FREE)
        scanned = (max(one["bytes"], ATHENA_LEAST_BYTES) for one in self.statements.values() if is_billed(one))
        dollars: float = writes * S3_WRITE + (sum(s3.values()) - writes - free) * S3_READ + sum(scanned) * ATHENA_BYTE
        return dollars


def is_billed(statement: dict[str, Any]) -> bool:
    """Athena bills what it scans: not DDL, unless it selects, and not what failed."""
    scans = statement["type"] == "DML" or statement["subtype"] == "CREATE_TABLE_AS_SELECT" or statement["bytes"] > 0
    return scans and statement["state"] in ("SUCCEEDED", "CANCELLED")


_meter = Meter()


def installed() -> Meter:
    """The meter of a new run."""
    global _meter
    _meter = Meter()
    hook("before-send", _sent)
    hook("after-call.athena.GetQueryExecution", _told)
    return _meter


def current() -> Meter:
    """That of the run which is under way, or was the last."""
    return _meter


def _sent(**event: Any) -> None:
    _meter.sent(**event)


def _told(**event: Any) -> None:
    _meter.told(**event)


def hook(event: str, handler: Callable[..., None]) -> None:
    """Into every botocore session that is made from now on; sessions are kept, so what is hooked stays the same."""
    from botocore import handlers

    if (event, handler) not in handlers.BUILTIN_HANDLERS:
        handlers.BUILTIN_HANDLERS.append((event, handler))
