"""The HTTP server that AWS clients and Trino speak to: Athena is answered here, everything else goes on to moto."""

import http.client
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators.athena.control import ApiError, Control, Request
from tests.simulators.athena.glue_gaps import GLUE_GAPS

Json = dict[str, Any]
KEPT_HEADERS = ("authorization", "content-type", "x-amz-target", "x-amz-date", "x-amz-security-token")


class Gateway:
    """`with Gateway(moto_url, control) as gateway:`; `athena` is given later, as Trino's address needs this one."""

    def __init__(self, moto_url: str, control: Control) -> None:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, kind, answer = gateway.answer(dict(self.headers.items()), self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """The log of requests is the control's."""

        self.moto = urlsplit(moto_url).netloc
        self.control = control
        self.athena: Any = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Gateway":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, sent: dict[str, str], path: str, body: bytes) -> tuple[int, str, bytes]:
        headers = {name.lower(): value for name, value in sent.items()}
        signed = re.search(r"Credential=([^/]+)/\d+/[^/]+/(\w+)/", headers.get("authorization", ""))
        caller, service = signed.groups() if signed else ("nobody", "unknown")
        # The newer services name the operation in a header, the older in a form.
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
                return _json(200, GLUE_GAPS[operation](parameters))
        except ApiError as error:
            return _json(400, {"__type": error.code, "message": str(error)})
        return self._forwarded({name: headers[name] for name in KEPT_HEADERS if name in headers}, path, body)

    def _forwarded(self, headers: dict[str, str], path: str, body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self.moto, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", "application/json"), answer.read()
        finally:
            connection.close()


def _json(status: int, answer: Json) -> tuple[int, str, bytes]:
    return status, "application/x-amz-json-1.1", json.dumps(answer).encode()
