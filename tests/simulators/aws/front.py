"""What stands in front of moto: every request is written down, is answered alone, and may be refused on purpose."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

XML = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>'
TESTS_OWN_KEY = "tests"
BY_METHOD = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}


@dataclass
class Fault:
    """Answers what fits, `s3.PutObject lake/.lock` for instance, after so many that may pass, so many times."""

    fits: str
    status: int
    code: str
    message: str = "refused on purpose"
    more: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    """Instead of an error's."""
    passing: int = 0
    times: int = 1_000_000
    is_done: bool = False
    """S3 did what it was asked, and only its answer is lost."""

    def strikes(self, request: str) -> bool:
        if not re.search(self.fits, request) or not self.times:
            return False
        self.passing -= 1
        self.times -= self.passing < 0
        return self.passing < 0


class Front:
    """The conditions of S3's requests hold for each alone; moto's threads would race."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._one_at_a_time = threading.RLock()
        self.log: list[str] = []
        self.faults: list[Fault] = []
        self.before: Callable[[str], None] = lambda request: None
        self.region = ""  # where the bucket is, when not where it is looked for

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if f"Credential={TESTS_OWN_KEY}/" in environ.get("HTTP_AUTHORIZATION", ""):
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
            self._answer(environ, _nobody)
        else:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        is_s3 = request.startswith("s3.")
        told = json.dumps({"__type": fault.code, "message": fault.message})
        body = fault.body or (XML.format(**vars(fault)) if is_s3 else told)
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else body.encode()
        kind = "application/xml" if is_s3 else "application/x-amz-json-1.1"
        headers = {"Content-Type": kind, "Content-Length": str(len(content))} | fault.headers
        start_response(f"{fault.status} x", list(headers.items()))
        return [content]

    def _is_elsewhere(self, environ: dict[str, Any]) -> bool:
        """A signature names the region: Credential=KEY/20261102/eu-central-1/s3/aws4_request."""
        signed = re.search(r"Credential=[^/]+/\d+/([^/]+)/s3/", environ.get("HTTP_AUTHORIZATION", ""))
        return bool(self.region and signed and signed[1] != self.region)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self._one_at_a_time:
            return list(self._app(environ, start_response))

    def fail(self, fits: str, status: int, code: str, **more: Any) -> None:
        self.faults.append(Fault(fits, status, code, **more))

    def forget(self) -> None:
        """No fault and no log any more."""
        self.log.clear()
        self.faults.clear()
        self.region = ""
        self.before = lambda request: None

    @property
    def counts(self) -> Counter[str]:
        """How often each operation was asked for: `{"s3.PutObject": 5}`."""
        return Counter(request.split()[0] for request in self.log)


def _nobody(*_: Any) -> Callable[[bytes], None]:
    return lambda content: None


def _request(environ: dict[str, Any]) -> str:
    """`s3.PutObject lake/.lock`; of a listing the prefix, of another service the operation alone."""
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
