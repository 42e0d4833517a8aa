"""What requests to S3 and statements of Athena cost, at list prices."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

# List prices in USD of us-east-1, November 2026; those of eu-central-1 differ by less than 10 %.
S3_WRITE = 0.005 / 1000  # PUT, COPY, POST, LIST
S3_READ = 0.0004 / 1000  # GET and all others; DELETE is free
ATHENA_BYTE = 5 / 10**12
ATHENA_LEAST_BYTES = 10 * 2**20  # billed for each statement at least
WRITES = ("Put", "List", "Copy", "Create", "Upload", "CompleteMultipartUpload", "DeleteObjects")
FREE = ("Delete", "Abort")


class Statement(NamedTuple):
    """A statement as Athena's GetQueryExecution describes it."""

    type: str
    subtype: str
    state: str
    bytes: int

    @property
    def is_billed(self) -> bool:
        """Athena bills what it scans: not DDL, unless it selects, and not statements that failed."""
        scans = self.type == "DML" or self.subtype == "CREATE_TABLE_AS_SELECT" or self.bytes > 0
        return scans and self.state in ("SUCCEEDED", "CANCELLED")


def s3_dollars(requests: Mapping[str, int]) -> float:
    """The price of S3 requests by operation, for instance `{"PutObject": 5}`."""
    return sum(count * _price(operation) for operation, count in requests.items())


def athena_dollars(statements: Iterable[Statement]) -> float:
    return sum(max(one.bytes, ATHENA_LEAST_BYTES) for one in statements if one.is_billed) * ATHENA_BYTE


def _price(operation: str) -> float:
    if operation.startswith(WRITES):
        return S3_WRITE
    return 0 if operation.startswith(FREE) else S3_READ


# Lambda on x86_64: a GB of memory for a second, after 400,000 free ones a month (a million requests are free too).
LAMBDA_GB_SECOND, LAMBDA_FREE_GB_SECONDS = 0.0000166667, 400_000
# A minute of GitHub Actions on Linux in a private repository, after 2,000 free ones a month.
GITHUB_MINUTE, GITHUB_FREE_MINUTES = 0.006, 2_000
