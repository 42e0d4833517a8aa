"""What the simulators share: HTTP servers on loopback, and AWS clients that call them."""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config

REGION = "eu-central-1"
TESTS_KEY = "tests"
"""The access key of a test's own clients. A program under test has another."""

Answer = tuple[int, str, bytes]
"""Status, content type and body."""


class HttpServer:
    """Serves `answer(method, path, headers, body)` while the `with` block runs. Names of headers are lower case."""

    def __init__(self, answer: Callable[[str, str, dict[str, str], bytes], Answer], version: str = "HTTP/1.0") -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = version
            wbufsize = -1  # head and body are sent in one packet
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                length = int(headers.get("content-length", 0))
                sent = self.rfile.read(length)
                if len(sent) < length:
                    return  # the client was killed while it sent this
                status, kind, body = answer(self.command, self.path, headers, sent)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PATCH = do_POST  # noqa: N815 - names that http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "HttpServer":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()


def aws_environment(url: str, s3_url: str = "") -> dict[str, str]:
    """The variables with which a program finds a simulated AWS. They hide profiles and proxies of the machine."""
    return {
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1",
    } | ({"AWS_ENDPOINT_URL_S3": s3_url} if s3_url else {})


def aws_client(service: str, url: str, key: str = TESTS_KEY) -> Any:
    """A boto3 client that never repeats a call."""
    session: Any = boto3.session.Session(key, key, region_name=REGION)
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return session.client(service, endpoint_url=url, config=config)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
