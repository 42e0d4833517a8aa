"""The whole chain in the applied account: schedule, real extract, marker, rule, real transform, marts on Trino.

IAM decides about every call of the functions to S3, SSM, SNS and SQS, with the role of each function. Glue and Athena
are the simulator's, which allows everything; test_functions.py compares those rights with the calls of a build.
"""

import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.scheduled_steps import step
from pipelines.settings import load_settings
from tests.aws_lambda.tools import needed_python, zips
from tests.conftest import absent
from tests.simulators.athena import cloud as athena_cloud
from tests.simulators.athena.control import WorkGroup
from tests.simulators.athena.fetch import NotFetched
from tests.simulators.athena.parity import Marts
from tests.simulators.aws.server import exported
from tests.simulators.aws.terraform_account import ROOT_KEYS
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer
from tests.terraform.conftest import BUCKET, ROLE, Applied

LONGEST_S = 900
LAST_BUILD = "lake/last_build.json"
NEVER = "cron(0 0 1 1 ? 2199)"
# What a change of a schedule has to repeat.
SCHEDULE = (
    "Name",
    "GroupName",
    "Description",
    "State",
    "FlexibleTimeWindow",
    "ScheduleExpressionTimezone",
    "ActionAfterCompletion",
    "Target",
)


@dataclass
class Chain:
    """The functions with the real code, on a demo account whose token is in SSM."""

    applied: Applied
    cloud: athena_cloud.Cloud
    demo_server: DemoServer

    def fire(self) -> None:
        """Let the schedule fire in the next minute, and wait until it has. Only its time is changed.

        MiniStack looks at the schedules every ten seconds. Its first look at a cron() only notes the time; each later
        one fires if a minute that the expression names has begun since. It never fires an at() that it saw as a cron().
        """
        at = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=80)).replace(second=0)
        before = self.fired()
        self.schedule(f"cron({at.minute} {at.hour} * * ? *)")
        while self.fired() == before:
            late = dt.datetime.now(dt.UTC) - at
            assert late < dt.timedelta(seconds=60), f"the schedule did not fire; {self.account_log[-2000:]}"
            time.sleep(0.5)

    def schedule(self, expression: str) -> str:
        """Give the schedule another time. Returns the expression that it had."""
        scheduler = self.applied.as_owner("scheduler")
        found = scheduler.get_schedule(Name=f"{ROLE}-extract")
        scheduler.update_schedule(**{name: found[name] for name in SCHEDULE}, ScheduleExpression=expression)
        return str(found["ScheduleExpression"])

    def fired(self) -> int:
        """How often an event has started `extract`."""
        return self.account_log.count(f"Lambda {ROLE}-extract: dispatched")

    @property
    def account_log(self) -> str:
        return (self.applied.account.certificate.parent / "server.log").read_text()

    def record(self, key: str) -> dict[str, Any] | None:
        s3 = self.applied.as_owner("s3")
        try:
            found: dict[str, Any] = json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None
        return found

    def wait_for(self, key: str, other_than: dict[str, Any] | None = None) -> dict[str, Any]:
        """Wait until the record exists and differs from the given one."""
        ends = time.monotonic() + LONGEST_S
        while time.monotonic() < ends:
            found = self.record(key)
            if found and found != other_than:
                return found
            time.sleep(1)
        raise AssertionError(f"{key} did not come; {self.logs()}")

    def logs(self) -> str:
        logs, texts = self.applied.as_owner("logs"), []
        for name in ("extract", "transform"):
            found = logs.filter_log_events(logGroupName=f"/aws/lambda/{ROLE}-{name}")["events"]
            texts += [f"{name}: {one['message']}" for one in found]
        return "\n".join(texts)[-4000:]


@pytest.fixture(scope="module")
def chain(applied: Applied) -> Iterator[Chain]:
    needed_python()
    code, account = zips(), applied.account
    with ExitStack() as stack:
        demo_server = stack.enter_context(DemoServer(size=40, playlists=2, playlist_items=6))
        try:
            key = ROOT_KEYS["AWS_ACCESS_KEY_ID"]
            cloud = stack.enter_context(athena_cloud.started(account.plain_url, key))
        except NotFetched as error:
            absent(error)
        cloud.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
        cloud.make_databases()
        token = {"client_id": CLIENT_ID, "refresh_token": REFRESH_TOKEN, "consented_at": "2026-11-01T00:00:00"}
        applied.as_owner("ssm").put_parameter(Name="/spotify-elt/token", Value=json.dumps(token), Overwrite=True)
        deploy(applied, code, cloud, demo_server)
        made = Chain(applied, cloud, demo_server)
        expression = made.schedule(NEVER)
        yield made
        made.schedule(expression)
        empty(applied)
        # Terraform gives both functions their own code and variables again.
        applied.terraform.must("apply", "-auto-approve", "-input=false")


def deploy(applied: Applied, code: Path, cloud: athena_cloud.Cloud, demo_server: DemoServer) -> None:
    """Put the real zips into the functions, and tell them where the simulators are."""
    functions, s3, account = applied.as_owner("lambda"), applied.as_owner("s3"), applied.account
    places = {
        "AWS_ENDPOINT_URL": account.url,
        "AWS_CA_BUNDLE": str(account.certificate),
        "AWS_ENDPOINT_URL_ATHENA": cloud.environment["AWS_ENDPOINT_URL"],
        "AWS_ENDPOINT_URL_GLUE": cloud.environment["AWS_ENDPOINT_URL"],
        "SPOTIFY_API_URL": demo_server.api_url,
        "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
        "NO_PROXY": "127.0.0.1",
    }
    for name in ("extract", "transform"):
        function = f"{ROLE}-{name}"
        s3.put_object(Bucket=BUCKET, Key=f"code/real-{name}.zip", Body=(code / f"{name}.zip").read_bytes())
        functions.update_function_code(FunctionName=function, S3Bucket=BUCKET, S3Key=f"code/real-{name}.zip")
        made = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
        own = {"WORK_DIR": str(account.certificate.parent / "work" / name)}
        functions.update_function_configuration(FunctionName=function, Environment={"Variables": made | places | own})


def empty(applied: Applied) -> None:
    """Delete what the chain wrote, so that the tests after it find the bucket as it was applied."""
    s3 = applied.as_owner("s3")
    for prefix in ("lake/", "tables/", "markers/", "athena-results/", "code/real-"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
            for found in page.get("Contents", ()):
                s3.delete_object(Bucket=BUCKET, Key=found["Key"])


def test_the_schedule_makes_new_marts_which_equal_those_of_duckdb(chain: Chain, tmp_path: Path) -> None:
    chain.fire()
    started = time.monotonic()
    marker = chain.wait_for("markers/new_rows.json")
    extracted = time.monotonic()
    built = chain.wait_for(LAST_BUILD)
    print(f"\nschedule to marker {extracted - started:.0f} s, to marts {time.monotonic() - started:.0f} s")
    assert marker["rows"] > 100
    assert (built["exit_code"], built["tests_failed"], built["broken"]) == (0, [], []), built
    assert chain.record("lake/told_build.json") is None
    duckdb_file = tmp_path / "spotify.duckdb"
    environment = chain.applied.account.environment(ROOT_KEYS) | {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    settings = {
        "LAKE_URL": f"s3://{BUCKET}/lake",
        "AWS_REGION": "eu-central-1",
        "DUCKDB_PATH": str(duckdb_file),
        "WORK_DIR": str(tmp_path / "work"),
        "SPOTIFY_TOKEN_FILE": "ssm:/spotify-elt/token",
    }
    with exported(environment):
        step("build", load_settings(settings, tmp_path))
    marts = Marts(duckdb_file, chain.cloud, "spotify_marts")
    assert marts.difference() == []
    assert len(marts.rows) > 20


def test_an_event_that_comes_again_builds_nothing(chain: Chain) -> None:
    before = chain.record(LAST_BUILD)
    assert before, "the test above has built"
    event = {"at_most_every_hours": 23}
    functions = chain.applied.as_owner("lambda")
    for hours in (23, 0):
        event = {"at_most_every_hours": hours}
        answer = functions.invoke(FunctionName=f"{ROLE}-transform", Payload=json.dumps(event).encode())
        assert json.loads(answer["Payload"].read()) == {"built": False}
    assert chain.record(LAST_BUILD) == before
