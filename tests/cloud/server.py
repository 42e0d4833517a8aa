"""S3, Glue and SSM on loopback, by moto."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"
BUCKET = "listening"
LAKE_URL = f"s3://{BUCKET}/lake"


class Cloud:
    """`environment` is what a program needs to find it; `clean` leaves one empty bucket."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.environment = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
        make: Any = boto3.client
        return make(service, endpoint_url=self.url, region_name=REGION, **keys)

    def clean(self) -> None:
        s3 = self.client("s3")
        if BUCKET in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
            self.put({})
        else:
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})

    def objects(self, prefix: str = "") -> dict[str, bytes]:
        """Everything in the bucket, by key."""
        s3 = self.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}

    def put(self, objects: dict[str, bytes]) -> None:
        """Makes the bucket hold these and no others."""
        s3 = self.client("s3")
        for key in self.objects().keys() - objects.keys():
            s3.delete_object(Bucket=BUCKET, Key=key)
        for key, content in objects.items():
            s3.put_object(Bucket=BUCKET, Key=key, Body=content)


@contextmanager
def serving() -> Iterator[Cloud]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        cloud = Cloud(f"http://{host}:{port}")
        cloud.clean()
        yield cloud
    finally:
        server.stop()


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
