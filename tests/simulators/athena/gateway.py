"""The HTTP server that AWS clients and Trino call. It answers Athena's calls and sends all others on to moto."""

import http.client
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators.athena.control import ApiError, Control, Request
from tests.simulators.athena.glue_gaps import GLUE_GAPS
from tests.simulators.loopback import Answer, HttpServer

Json = dict[str, Any]
KEPT_HEADERS = ("authorization", "content-type", "x-amz-target", "x-amz-date", "x-amz-security-token")


class Gateway(HttpServer):
    """`athena` is set later: it needs Trino's address, and Trino needs the gateway's."""

    def __init__(self, moto_url: str, control: Control) -> None:
        super().__init__(self.answer, "HTTP/1.1")
        self.moto = urlsplit(moto_url).netloc
        self.control = control
        self.athena: Any = None

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        signed = re.search(r"Credential=([^/]+)/\d+/[^/]+/(\w+)/", headers.get("authorization", ""))
        caller, service = signed.groups() if signed else ("nobody", "unknown")
        # Newer services name the operation in a header, older ones in a form.
        if target := headers.get("x-amz-target"):
            operation, parameters = target.rsplit(".", 1)[-1], json.loads(body or b"{}")
        else:
            parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            operation = parameters.pop("Action", "unknown")
        try:
            self.control.note(Request(f"{service}.{operation}", caller, parameters))
            if service == "athena":
                return _json(200, self.athena.answer(operation, parameters))
            if service == "glue" and operation in GLUE_GAPS:
                return _json(200, GLUE_GAPS[operation])
        except ApiError as error:
            return _json(400, {"__type": error.code, "message": str(error)})
        return self._forwarded({name: headers[name] for name in KEPT_HEADERS if name in headers}, path, body)

    def _forwarded(self, headers: dict[str, str], path: str, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self.moto, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", "application/json"), answer.read()
        finally:
            connection.close()


def _json(status: int, answer: Json) -> Answer:
    return status, "application/x-amz-json-1.1", json.dumps(answer).encode()
