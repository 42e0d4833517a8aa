"""Both Lambda functions from their real zips, under AWS's runtime interface emulator: seconds, memory, dollars."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from orchestration.aws_lambda.package import BUILT
from tests.aws_lambda.runtime import Runtime
from tests.aws_lambda.tools import emulator, python_with_runtime, zips
from tests.bench.prices import GITHUB_FREE_MINUTES, GITHUB_MINUTE, LAMBDA_FREE_GB_SECONDS, LAMBDA_GB_SECOND
from tests.bench.table import Rows, echo
from tests.simulators.athena.cloud import Cloud, started
from tests.simulators.athena.control import WorkGroup
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

BUCKET = "listening"
MEMORY_GB = 1769 / 1024
HOURS_A_MONTH, DAYS_A_MONTH = 730, 30.4
# GitHub bills whole minutes. A job of the workflow takes one to two.
JOB_MINUTES = 2
TOKEN = {"client_id": CLIENT_ID, "refresh_token": REFRESH_TOKEN, "consented_at": "2026-11-01T00:00:00"}


def lambda_functions() -> Rows:
    rows: Rows = []
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, DemoServer() as demo_server, started() as cloud:
        environment = prepared(cloud) | {
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
        }
        for name in ("extract", "transform"):
            echo(f"lambda: {name}")
            handler = f"orchestration.aws_lambda.{name}.handler"
            zipped = zips() / f"{name}.zip"
            with Runtime(
                zipped, handler, environment, emulator(), python_with_runtime(), Path(folder), timeout_s=1800
            ) as function:
                first, cold = timed(function, {})
                demo_server.clock(hours=1)
                _, warm = timed(function, {})
                rows += [
                    (f"{name}: cold, seconds", f"{cold:.1f}", f"the step alone: {sum(first['seconds'].values()):.1f}"),
                    (f"{name}: warm, seconds", f"{warm:.1f}", ""),
                    (f"{name}: peak memory, MB", f"{function.peak_mb:.0f}", "of the handler's process"),
                ]
            seconds[name] = cold
    for name in ("extract", "transform"):
        rows.append((f"{name}.zip, MB", f"{(BUILT / f'{name}.zip').stat().st_size / 1e6:.0f}", ""))
    gb_seconds = MEMORY_GB * (HOURS_A_MONTH * seconds["extract"] + DAYS_A_MONTH * seconds["transform"])
    dollars = max(0, gb_seconds - LAMBDA_FREE_GB_SECONDS) * LAMBDA_GB_SECOND
    minutes = JOB_MINUTES * (HOURS_A_MONTH + DAYS_A_MONTH)
    github = max(0, minutes - GITHUB_FREE_MINUTES) * GITHUB_MINUTE
    return [
        *rows,
        (
            "a month on Lambda, USD",
            f"{dollars:.2f}",
            f"{gb_seconds:,.0f} GB-seconds, of {LAMBDA_FREE_GB_SECONDS:,} free",
        ),
        ("  without the free amount", f"{gb_seconds * LAMBDA_GB_SECOND:.2f}", "every start is cold"),
        ("a month on GitHub Actions, USD", f"{github:.2f}", f"{minutes:,.0f} minutes, of {GITHUB_FREE_MINUTES:,} free"),
        ("  without the free amount", f"{minutes * GITHUB_MINUTE:.2f}", "0 in a public repository"),
    ]


def prepared(cloud: Cloud) -> dict[str, str]:
    """An empty bucket, databases, a token and a topic; returns the environment of the functions."""
    cloud.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
    cloud.make_bucket(BUCKET)
    cloud.make_databases()
    cloud.client("ssm").put_parameter(Name="/token", Value=json.dumps(TOKEN), Type="SecureString")
    return cloud.environment | {
        "TARGET": "prod",
        "LAKE_URL": f"s3://{BUCKET}/lake",
        "SPOTIFY_TOKEN_FILE": "ssm:/token",
        "ON_FAILURE": cloud.client("sns").create_topic(Name="alerts")["TopicArn"],
    }


def timed(function: Runtime, event: Any) -> tuple[Any, float]:
    started_at = time.monotonic()
    answer = function.invoke(event, timeout=1800)
    return answer, time.monotonic() - started_at
