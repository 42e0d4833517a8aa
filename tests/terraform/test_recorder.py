"""The recorder records every call, and calls.json has every call that a run of the program makes with the role."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.simulators.aws.server import Cloud
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer
from tests.terraform.calls import Permission
from tests.terraform.conftest import BUCKET, Applied
from tests.terraform.recorder import add, read
from tests.terraform.test_policy import RECORDED

ROOT = Path(__file__).resolve().parents[2]

BOTH_CLIENTS = """
import sys
from pathlib import Path
from tests.terraform.recorder import record
record(Path(sys.argv[1]))
import boto3, s3fs
boto3.client("s3").create_bucket(Bucket="any", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
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


def test_the_recorder_records_calls_of_boto3_and_of_s3fs(cloud: Cloud, tmp_path: Path) -> None:
    run(["-c", BOTH_CLIENTS, str(tmp_path / "recorded")], cloud.environment)
    assert {permission.action for permission in read(tmp_path / "recorded")} >= {
        "s3:CreateBucket",
        "ssm:PutParameter",
        "s3:PutObject",
        "s3:DeleteObject",
    }


def test_a_recorded_call_is_added_in_order_and_removed_from_the_other_list(tmp_path: Path) -> None:
    def entry(action: str, **more: str) -> dict[str, str]:
        return {"action": action, "resource": "r"} | more

    calls = tmp_path / "calls.json"
    calls.write_text(json.dumps({"recorded": [entry("b")], "not_recorded": [entry("a", why="x"), entry("c", why="y")]}))
    add({Permission("a", "r")}, calls)
    assert json.loads(calls.read_text()) == {
        "recorded": [entry("a"), entry("b")],
        "not_recorded": [entry("c", why="y")],
    }


class AsTheWorkflow:
    """The program with the keys that the workflow gets, and with the Spotify token in SSM."""

    def __init__(self, applied: Applied, demo_server: DemoServer, folder: Path) -> None:
        self.recorded = folder / "recorded"
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
        """Run a verb. Deletes the local files first, because every job of the workflow starts without them."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        return run(["-m", "tests.terraform.recorder", str(self.recorded), *words], self.environment)


def test_the_role_can_extract_and_calls_json_has_every_call(
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
    recorded = read(workflow.recorded)
    assert Permission("s3:PutObject", "arn:aws:s3:::BUCKET/lake/spotify/*") in recorded
    missing = sorted(recorded - set(RECORDED))
    assert missing == [], f"add them: python -m tests.terraform.recorder {workflow.recorded}"
    kept = applied.as_owner("ssm").get_parameter(Name="/spotify-elt/token", WithDecryption=True)["Parameter"]["Value"]
    assert json.loads(kept)["refresh_token"] != REFRESH_TOKEN
    listed = applied.as_owner("s3").list_objects_v2(Bucket=BUCKET, Prefix="lake/spotify/")["Contents"]
    assert len(listed) > 20
