"""What tests set and read: workgroups, faults, the log of requests."""

import threading
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
DENIED = "User: arn:aws:sts::123456789012:assumed-role/tests/tests is not authorized to perform: {} on this resource"


@dataclass
class WorkGroup:
    """`is_enforced` is about the place for results; the cut-off holds in any case."""

    name: str
    bytes_scanned_cutoff: int | None = None
    is_enforced: bool = False
    output_location: str | None = None


@dataclass(frozen=True)
class Request:
    """`operation` is for instance `glue.GetTable`; `caller` an access key, or `athena-itself` for what Trino asks."""

    operation: str
    caller: str
    parameters: Json


class ApiError(Exception):
    """An answer of status 400 with AWS's error shape."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class _Fault:
    operation: str
    error: ApiError
    times: int


@dataclass
class Control:
    """One for each server; `reset()` forgets everything that a test set."""

    work_groups: dict[str, WorkGroup] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    _faults: list[_Fault] = field(default_factory=list)
    _half_way: list[tuple[str, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        for changed in (self.requests, self._faults, self._half_way, self.work_groups):
            changed.clear()
        # "primary" is there in every account, the other as Terraform makes it.
        made = (WorkGroup("primary"), WorkGroup("spotify-elt", bytes_scanned_cutoff=1_000_000_000))
        self.work_groups |= {group.name: group for group in made}

    def throttle(self, operation: str, times: int) -> None:
        """The next calls of `athena.StartQueryExecution`, say, are refused as too many."""
        self._faults.append(_Fault(operation, ApiError("TooManyRequestsException", "Rate exceeded"), times))

    def deny(self, operation: str, times: int = 1_000_000) -> None:
        """Calls of the operation are refused for want of a permission; Trino's own calls too."""
        message = DENIED.format(operation.replace(".", ":"))
        self._faults.append(_Fault(operation, ApiError("AccessDeniedException", message), times))

    def fail_half_way(self, holding: str, reason: str = "GENERIC_INTERNAL_ERROR: the disk of a worker is full") -> None:
        """The next statement that holds this text is run, then fails: its files stay, a CTAS leaves no table."""
        self._half_way.append((holding, reason))

    def half_way(self, query: str) -> str | None:
        with self._lock:
            for fault in self._half_way:
                if fault[0] in query:
                    self._half_way.remove(fault)
                    return fault[1]
        return None

    def note(self, request: Request) -> None:
        """Raises ApiError when a fault was set for the operation."""
        with self._lock:
            self.requests.append(request)
            for fault in self._faults:
                if fault.operation == request.operation and fault.times > 0:
                    fault.times -= 1
                    raise fault.error
