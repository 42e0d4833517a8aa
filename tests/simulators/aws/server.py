"""S3, Glue and SSM on loopback, by moto in this process."""

import datetime as dt
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import S3Backend, s3_backends
from moto.ssm.models import ssm_backends
from werkzeug.serving import make_server

from tests.simulators.aws.front import Front
from tests.simulators.loopback import REGION as REGION
from tests.simulators.loopback import aws_client, aws_environment

BUCKET = "listening"
LAKE_URL = f"s3://{BUCKET}/lake"


class Cloud:
    """A program finds it with `environment`. Tests set faults and read requests with `front`."""

    def __init__(self, url: str, front: Front) -> None:
        self.url = url
        self.front = front
        self.environment = aws_environment(url)

    def client(self, service: str) -> Any:
        """A test's own client. Its requests are not in the log and meet no fault."""
        return aws_client(service, self.url)

    @property
    def s3(self) -> S3Backend:
        """moto's store of objects. Reading it makes no request."""
        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def clean(self) -> None:
        """Leave one empty bucket, no fault and no log."""
        self.front.forget()
        self.s3.reset()
        ssm_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
        self.make(BUCKET)

    def make(self, bucket: str) -> None:
        self.s3.create_bucket(bucket, REGION)

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """The objects of the bucket, by key."""
        keys = self.s3.buckets[BUCKET].keys
        return {name: keys[name].value for name in sorted(keys) if name.startswith(prefix)}

    def put(self, objects: dict[str, bytes]) -> None:
        """Replace the objects of the bucket by these."""
        for name in self.objects().keys() - objects.keys():
            self.s3.delete_object(BUCKET, name)
        for name, content in objects.items():
            self.s3.put_object(BUCKET, name, content)

    def copy(self, folder: Path) -> None:
        """Write the objects of the bucket into a folder."""
        for name, content in self.objects().items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def age(self, name: str, seconds: float) -> None:
        """Make S3 say that an object was written so many seconds ago. Does nothing if the object does not exist."""
        if found := self.s3.buckets[BUCKET].keys.get(name):
            found.last_modified = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(seconds=seconds)


@contextmanager
def serving() -> Iterator[Cloud]:
    """Start the server in a thread."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    front = Front(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, front, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        cloud = Cloud(f"http://127.0.0.1:{server.port}", front)
        cloud.clean()
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def exported(environment: dict[str, str]) -> Iterator[None]:
    """Set variables of this process's environment, for libraries that read nothing else."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
