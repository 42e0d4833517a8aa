"""`python -m tests.simulators.athena.moto_server LOG` serves moto on loopback until stdin closes. It prints its URL.

It writes a line to LOG for every S3 request: access key, method, path with query.
The path of AGED makes an object older: see `Cloud.age`.
"""

import datetime as dt
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import parse_qs

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

from tests.simulators.athena.control import AGED

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def aging(app: Application) -> Application:
    def aged(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != AGED:
            return app(environ, start_response)
        asked = {name: value for name, (value,) in parse_qs(environ["QUERY_STRING"]).items()}
        found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[asked["bucket"]].keys[asked["key"]]
        found.last_modified -= dt.timedelta(seconds=float(asked["seconds"]))
        start_response("200 OK", [])
        return []

    return aged


def noting(app: Application, log: TextIO) -> Application:
    def noted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # A signature names the key and the service: Credential=KEY/20261102/eu-central-1/s3/aws4_request
        if signed := re.search(r"Credential=([^/]+)/\d+/[^/]+/s3/", environ.get("HTTP_AUTHORIZATION", "")):
            query = environ.get("QUERY_STRING") and f"?{environ['QUERY_STRING']}"
            log.write(f"{signed[1]} {environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query}\n")
            log.flush()
        return app(environ, start_response)

    return noted


def main(log: str) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with Path(log).open("a") as lines:
        app = aging(noting(DomainDispatcherApplication(create_backend_app), lines))
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.port}", flush=True)
        sys.stdin.read()
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
