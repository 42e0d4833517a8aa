"""The recorder: what it hears, and that a run of the program as the role makes no call that calls.json lacks."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from moto.server import ThreadedMotoServer

from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer
from tests.terraform.calls import Permission
from tests.terraform.conftest import BUCKET, Applied
from tests.terraform.recorder import keep, read
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


def run(command: list[str], environment: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=dict(os.environ) | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout


def test_calls_of_boto3_and_of_s3fs_are_heard(tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        run(["-c", BOTH_CLIENTS, str(tmp_path / "heard")], keys | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"})
    finally:
        server.stop()
    assert {permission.action for permission in read(tmp_path / "heard")} >= {
        "s3:CreateBucket",
        "ssm:PutParameter",
        "s3:PutObject",
        "s3:DeleteObject",
    }


def test_what_was_heard_is_added_in_order_and_leaves_the_other_list(tmp_path: Path) -> None:
    def entry(action: str, **more: str) -> dict[str, str]:
        return {"action": action, "resource": "r"} | more

    calls = tmp_path / "calls.json"
    calls.write_text(json.dumps({"made": [entry("b")], "not_heard": [entry("a", why="x"), entry("c", why="y")]}))
    keep({Permission("a", "r")}, calls)
    assert json.loads(calls.read_text()) == {"made": [entry("a"), entry("b")], "not_heard": [entry("c", why="y")]}


class AsTheWorkflow:
    """The program on a machine of its own, with the keys that GitHub's identity gets and the token in AWS."""

    def __init__(self, applied: Applied, demo_server: DemoServer, folder: Path) -> None:
        self.heard = folder / "heard"
        self.environment = applied.account.environment(applied.keys) | {
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
            "SPOTIFY_TOKEN_FILE": "ssm:/spotify-elt/token",
            "LAKE_URL": f"s3://{BUCKET}/lake",
            "DUCKDB_PATH": str(folder / "data" / "spotify.duckdb"),
            "WORK_DIR": str(folder / "data"),
        }
        self.folder = folder

    def type(self, *words: str) -> str:
        """On a fresh machine every time."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        return run(["-m", "tests.terraform.recorder", str(self.heard), *words], self.environment)


def test_the_role_can_extract_and_every_call_of_it_is_in_the_record(
    applied: Applied, demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    token = {"client_id": CLIENT_ID, "refresh_token": REFRESH_TOKEN, "consented_at": "2026-11-01T00:00:00"}
    applied.as_owner("ssm").put_parameter(Name="/spotify-elt/token", Value=json.dumps(token), Overwrite=True)
    with_few_rows = demo_servers(size=30, playlists=1, playlist_items=5)
    workflow = AsTheWorkflow(applied, with_few_rows, tmp_path)
    workflow.type("extract")
    with_few_rows.clock(hours=1)
    with_few_rows.switch(rotation=True)
    workflow.type("extract")
    workflow.type("status")
    heard = read(workflow.heard)
    assert Permission("s3:PutObject", "arn:aws:s3:::BUCKET/lake/spotify/*") in heard
    assert sorted(heard - set(MADE)) == [], "python -m tests.terraform.recorder, with the file alone, adds them"
    kept = applied.as_owner("ssm").get_parameter(Name="/spotify-elt/token", WithDecryption=True)["Parameter"]["Value"]
    assert json.loads(kept)["refresh_token"] != REFRESH_TOKEN
    listed = applied.as_owner("s3").list_objects_v2(Bucket=BUCKET, Prefix="lake/spotify/")["Contents"]
    assert len(listed) > 20
