"""The recorder: what it hears, and that a run of the program as the role makes no call that calls.json lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from tests.terraform.conftest import BUCKET, Applied
from tests.terraform.recorder import read
from tests.terraform.test_policy import MADE

ROOT = Path(__file__).resolve().parents[2]

BOTH_CLIENTS = """
import sys
from pathlib import Path
from tests.terraform.recorder import record
record(Path(sys.argv[1]))
import boto3, s3fs
boto3.client("s3").create_bucket(Bucket="any")
boto3.client("ssm").put_parameter(Name="/a", Value="b", Type="String")
s3fs.S3FileSystem().pipe("any/lake/.lock", b"x")
s3fs.S3FileSystem().rm("any/lake/.lock")
"""
REGISTER = f"""
import sys
from pathlib import Path
from tests.terraform.recorder import record
record(Path(sys.argv[1]))
from pipelines.lake.glue import register
print(len(register("s3://{BUCKET}/lake", "spotify", "eu-central-1").created))
"""


def run(program: str, file: Path, environment: dict[str, str]) -> str:
    file.touch()
    ended = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        cwd=ROOT, env=dict(os.environ) | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture
def environment() -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}


def test_calls_of_boto3_and_of_s3fs_are_heard(tmp_path: Path, environment: dict[str, str]) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        run(BOTH_CLIENTS, tmp_path / "calls.jsonl", environment | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"})
    finally:
        server.stop()
    assert {permission.action for permission in read(tmp_path / "calls.jsonl")} >= {
        "s3:CreateBucket",
        "ssm:PutParameter",
        "s3:PutObject",
        "s3:DeleteObject",
    }


def test_registering_the_raw_tables_needs_nothing_that_the_role_lacks(applied: Applied, tmp_path: Path) -> None:
    environment = applied.account.environment(applied.keys)
    assert int(run(REGISTER, tmp_path / "calls.jsonl", environment)) > 20
    heard = read(tmp_path / "calls.jsonl")
    assert heard
    assert heard <= set(MADE)
