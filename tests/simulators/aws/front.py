"""A WSGI layer in front of moto: it logs requests, answers one at a time, and can make them fail."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.simulators.loopback import TESTS_KEY

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

XML = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>'
BY_METHOD = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}


@dataclass
class Fault:
    """Makes requests fail in which the pattern `fits` is found, for instance `s3.PutObject lake/.lock`.

    The first `passing` requests pass, the next `times` fail. `body` replaces AWS's form of an error. With `is_done` the
    request is carried out, and only its answer is lost.
    """

    fits: str
    status: int
    code: str
    message: str = "refused on purpose"
    more: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    passing: int = 0
    times: int = 1_000_000
    is_done: bool = False

    def strikes(self, request: str) -> bool:
        if not re.search(self.fits, request) or not self.times:
            return False
        self.passing -= 1
        self.times -= self.passing < 0
        return self.passing < 0


class Front:
    """`log` holds all requests except the requests of a test's own client.

    S3 checks the conditions of a request atomically. moto does not, so one request is answered at a time. `before` is
    called before each answer. `region` is where the bucket is, if it is not in the region of the requests.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self._one_at_a_time = threading.RLock()
        self.log: list[str] = []
        self.faults: list[Fault] = []
        self.before: Callable[[str], None] = lambda request: None
        self.region = ""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if f"Credential={TESTS_KEY}/" in environ.get("HTTP_AUTHORIZATION", ""):
            return self._answer(environ, start_response)
        request = _request(environ)
        with self._one_at_a_time:
            self.log.append(request)
            fault = next((fault for fault in self.faults if fault.strikes(request)), None)
        self.before(request)
        if not fault and self._is_elsewhere(environ):
            fault = Fault("", 400, "AuthorizationHeaderMalformed", f"the region is wrong; expecting '{self.region}'")
            fault.more, fault.headers = f"<Region>{self.region}</Region>", {"x-amz-bucket-region": self.region}
        if not fault:
            return self._answer(environ, start_response)
        if fault.is_done:
            self._answer(environ, lambda *_: lambda content: None)
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        is_s3 = request.startswith("s3.")
        json_error = json.dumps({"__type": fault.code, "message": fault.message})
        body = fault.body or (XML.format(**vars(fault)) if is_s3 else json_error)
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else body.encode()
        kind = "application/xml" if is_s3 else "application/x-amz-json-1.1"
        headers = {"Content-Type": kind, "Content-Length": str(len(content))} | fault.headers
        start_response(f"{fault.status} x", list(headers.items()))
        return [content]

    def _is_elsewhere(self, environ: dict[str, Any]) -> bool:
        """Whether a request names another region. Its signature has Credential=KEY/20261102/REGION/s3/aws4_request."""
        signed = re.search(r"Credential=[^/]+/\d+/([^/]+)/s3/", environ.get("HTTP_AUTHORIZATION", ""))
        return bool(self.region and signed and signed[1] != self.region)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._one_at_a_time:
            return list(self._app(environ, start_response))

    def fail(self, fits: str, status: int, code: str, **more: Any) -> None:
        self.faults.append(Fault(fits, status, code, **more))

    def forget(self) -> None:
        """Remove all faults and the log."""
        self.log.clear()
        self.faults.clear()
        self.region = ""
        self.before = lambda request: None

    @property
    def counts(self) -> Counter[str]:
        """How often each operation was called: `{"s3.PutObject": 5}`."""
        return Counter(request.split()[0] for request in self.log)


def _request(environ: dict[str, Any]) -> str:
    """A request as text: `s3.PutObject lake/.lock`; a list request has its prefix, another service its operation."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        service, _, operation = str(target).partition(".")
        return f"{service.removeprefix('Amazon').removeprefix('AWS').lower()}.{operation}"
    method, query = environ["REQUEST_METHOD"], parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    bucket, _, key = environ["PATH_INFO"].lstrip("/").partition("/")
    if method == "POST":
        return f"s3.{'DeleteObjects' if 'delete' in query else 'Upload'} {key}".rstrip()
    if method == "GET" and "list-type" in query:
        return f"s3.ListObjectsV2 {query.get('prefix', [''])[0]}".rstrip()
    if not key:
        return f"s3.{BY_METHOD[method].replace('Object', 'Bucket')} {bucket}".rstrip()
    return f"s3.{BY_METHOD[method]} {key}"
