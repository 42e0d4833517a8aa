"""Connections to AWS of one run: region, retries, the count of requests, and guards of writes, in one place."""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

Guard = Callable[[str], None]
READS = ("GET", "HEAD")
# S3 and Athena answer 503 or TooManyRequests when they want fewer requests. Attempt 8 comes after about a minute.
ATTEMPTS = 8


class AwsSession:
    """Makes boto3 clients and the options of s3fs file systems. Nothing outside of this object is changed.

    `s3_endpoint` is the address of a storage that speaks the S3 protocol and is not AWS, for instance MinIO.
    `requests` counts every request that was sent, by `service.Operation`, repeats included. A guard is called with the
    URL before every request that is not a GET or HEAD; when it raises, the request is not sent.
    """

    def __init__(self, region: str = "", s3_endpoint: str = "") -> None:
        self.region = region
        self.s3_endpoint = s3_endpoint
        self.requests: Counter[str] = Counter()
        self.guards: list[Guard] = []

    def client(self, service: str) -> Any:
        import boto3  # the import takes 0.3 s, and a lake in a folder does not need it
        from botocore.config import Config
        from botocore.session import get_session

        session: Any = get_session()
        session.register("before-send", self._before_send)
        boto3_session: Any = boto3.session.Session(botocore_session=session, region_name=self.region or None)
        return boto3_session.client(service, config=Config(retries=_retries(session)))

    @cached_property
    def s3fs_options(self) -> dict[str, Any]:
        """Arguments of S3FileSystem. fsspec gives the same file system for the same arguments."""
        from aiobotocore.session import AioSession

        session = AioSession()
        session.register("before-send", self._before_send)
        named = {"region_name": self.region, "endpoint_url": self.s3_endpoint}
        config: dict[str, Any] = {"retries": _retries(session)}
        if self.s3_endpoint:
            # Not every S3-compatible storage knows the checksums that botocore adds by default.
            config |= {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
        return {
            "session": session,
            "client_kwargs": {name: value for name, value in named.items() if value},
            "config_kwargs": config,
        }

    def close(self) -> None:
        """Close the connections of s3fs, which fsspec would keep until the process ends."""
        if "s3fs_options" not in self.__dict__:
            return
        from fsspec.asyn import sync
        from s3fs import S3FileSystem

        for token, kept in list(S3FileSystem._cache.items()):
            if kept.session is self.s3fs_options["session"]:
                S3FileSystem._cache.pop(token, None)
                if kept._s3 is not None:
                    sync(kept.loop, kept._s3.close)
        del self.s3fs_options

    def _before_send(self, request: Any, event_name: str, **_: Any) -> None:
        if request.method not in READS:
            for guard in self.guards:
                guard(request.url)
        self.requests[event_name.removeprefix("before-send.")] += 1


def _retries(session: Any) -> Any:
    """Longer waits after each attempt, unless AWS_RETRY_MODE, AWS_MAX_ATTEMPTS or the AWS profile say otherwise."""
    mode = session.get_config_variable("retry_mode")
    return {
        "mode": "standard" if mode == "legacy" else mode,  # legacy is the default of botocore
        "total_max_attempts": int(session.get_config_variable("max_attempts") or ATTEMPTS),
    }
