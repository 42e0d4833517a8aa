"""Workgroups, faults and the log of requests of the Athena simulator."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
DENIED = "User: arn:aws:sts::123456789012:assumed-role/tests/tests is not authorized to perform: {} on this resource"

AGED = "/aged-object"  # a path of the S3 server: see Cloud.age


@dataclass
class WorkGroup:
    """`is_enforced` makes `output_location` override that of a query. The cut-off always holds."""

    name: str
    bytes_scanned_cutoff: int | None = None
    is_enforced: bool = False
    output_location: str | None = None


@dataclass(frozen=True)
class Request:
    """`operation` is `glue.GetTable`, for instance. `caller` is the access key."""

    operation: str
    caller: str
    parameters: Json


class ApiError(Exception):
    """Ends a request with status 400 and AWS's form of an error."""

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
    """`reset()` removes everything that a test set.

    `lasting`: a statement with one of these texts runs until it is stopped.
    `may_create_default`: whether the caller has the right to create the Glue database `default`.
    """

    work_groups: dict[str, WorkGroup] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    lasting: list[str] = field(default_factory=list)
    may_create_default: bool = False
    _faults: list[_Fault] = field(default_factory=list)
    _half_way: list[tuple[str, str]] = field(default_factory=list)
    _watched: list[tuple[str, Callable[[], None]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        for changed in (self.requests, self.lasting, self._faults, self._half_way, self._watched, self.work_groups):
            changed.clear()
        self.may_create_default = False
        # Every account has "primary". Terraform makes the other one.
        made = (WorkGroup("primary"), WorkGroup("spotify-elt", bytes_scanned_cutoff=1_000_000_000))
        self.work_groups |= {group.name: group for group in made}

    def throttle(self, operation: str, times: int) -> None:
        """Refuse the next calls of an operation, `athena.StartQueryExecution` for instance, as too many."""
        self._faults.append(_Fault(operation, ApiError("TooManyRequestsException", "Rate exceeded"), times))

    def deny(self, operation: str, times: int = 1_000_000) -> None:
        """Refuse calls of an operation, also those of Trino, because a permission is missing."""
        message = DENIED.format(operation.replace(".", ":"))
        self._faults.append(_Fault(operation, ApiError("AccessDeniedException", message), times))

    def fail_half_way(self, holding: str, reason: str = "GENERIC_INTERNAL_ERROR: the disk of a worker is full") -> None:
        """Make the next statement that contains a text fail after it ran. Its files stay, a CTAS leaves no table."""
        self._half_way.append((holding, reason))

    def half_way(self, query: str) -> str | None:
        """The reason why this statement must fail after it ran."""
        with self._lock:
            for fault in self._half_way:
                if fault[0] in query:
                    self._half_way.remove(fault)
                    return fault[1]
        return None

    def before(self, holding: str, act: Callable[[], None]) -> None:
        """Call `act` before the next statement that contains a text is started. It may raise ApiError."""
        self._watched.append((holding, act))

    def note(self, request: Request) -> None:
        """Log a request. Raises ApiError if a fault was set for its operation."""
        query = request.parameters.get("QueryString", "")
        with self._lock:
            met = [watched for watched in self._watched if query and watched[0] in query]
            self._watched = [watched for watched in self._watched if watched not in met]
        for _, act in met:
            act()
        with self._lock:
            self.requests.append(request)
            for fault in self._faults:
                if fault.operation == request.operation and fault.times > 0:
                    fault.times -= 1
                    raise fault.error
