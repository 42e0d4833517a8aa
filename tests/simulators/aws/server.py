"""S3, Glue and SSM on loopback, by moto."""

import datetime as dt
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import S3Backend, s3_backends
from moto.ssm.models import ssm_backends
from werkzeug.serving import make_server

from tests.simulators.aws.front import TESTS_OWN_KEY, Front

REGION = "eu-central-1"
BUCKET = "listening"
LAKE_URL = f"s3://{BUCKET}/lake"


class Cloud:
    """`environment` is what a program needs to find it; `clean` leaves one empty bucket, no fault and no log."""

    def __init__(self, url: str, front: Front) -> None:
        self.url = url
        self.front = front
        self.environment = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            # Nobody's own profile, and no proxy.
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1",
        }

    def client(self, service: str) -> Any:
        """A test's own client: what it asks is not in the log, and no fault strikes it."""
        session: Any = boto3.session.Session(TESTS_OWN_KEY, "invented", region_name=REGION)
        return session.client(service, endpoint_url=self.url)

    @property
    def s3(self) -> S3Backend:
        """moto's own store, in this process: no request is needed to look into it."""
        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def clean(self) -> None:
        self.front.forget()
        self.s3.reset()
        ssm_backends[DEFAULT_ACCOUNT_ID][REGION].reset()
        self.make(BUCKET)

    def make(self, bucket: str) -> None:
        self.s3.create_bucket(bucket, REGION)

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Everything in the bucket, by key."""
        keys = self.s3.buckets[BUCKET].keys
        return {name: keys[name].value for name in sorted(keys) if name.startswith(prefix)}

    def put(self, objects: dict[str, bytes]) -> None:
        """Makes the bucket hold these and no others."""
        for name in self.objects().keys() - objects.keys():
            self.s3.delete_object(BUCKET, name)
        for name, content in objects.items():
            self.s3.put_object(BUCKET, name, content)

    def copy(self, folder: Path) -> None:
        """The bucket as a folder."""
        for name, content in self.objects().items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def age(self, name: str, seconds: float) -> None:
        """By S3's own clock the object was written so long ago, where it is there."""
        if found := self.s3.buckets[BUCKET].keys.get(name):
            found.last_modified = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(seconds=seconds)


@contextmanager
def serving() -> Iterator[Cloud]:
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
    """These variables, for libraries that read nothing else."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
