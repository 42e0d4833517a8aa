"""`transform` on the Athena test server, stopped half-way: killed by AWS, at its time limit, and called twice at once.

The tests follow each other on one account. The function runs in a process of its own with the project's code, not from
its zip. Each time the process ends before it has built everything, and the next event has to make up for it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from orchestration.aws_lambda import extract, transform
from orchestration.aws_lambda.function import MARGIN_S
from orchestration.scheduled_steps import StepBusy, step
from pipelines.lake.lease import LEASE_S
from pipelines.settings import ROOT, load_settings
from tests.aws_lambda.test_handlers import CONTEXT
from tests.machine import SMALL
from tests.simulators.athena.cloud import Cloud
from tests.simulators.athena.control import ApiError, WorkGroup
from tests.simulators.athena.executions import Execution
from tests.simulators.athena.parity import Marts
from tests.simulators.athena.trino import REGION
from tests.simulators.aws.server import exported
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

BUCKET, LOCK = "lake-of-lambda", "lake/.lock"
EVENT = {"at_most_every_hours": 0}
# Only the models that `sessions` needs, `fct_plays` among them: each statement takes a second of a processor. The build
# that makes up for all is whole.
FUNCTION = f"""
from functools import partial
from types import SimpleNamespace
from orchestration.aws_lambda import function, transform
function.step = partial(function.step, arguments=("--select", "+sessions"))
transform.handler({EVENT}, SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000))
"""


class Functions:
    """The functions of one account."""

    def __init__(self, athena: Cloud, demo_server: DemoServer, folder: Path) -> None:
        self.athena, self.demo_server, self.folder = athena, demo_server, folder
        self.environment = athena.environment | {
            "TARGET": "prod",
            "AWS_REGION": REGION,
            "LAKE_URL": f"s3://{BUCKET}/lake",
            "WORK_DIR": str(folder / "here"),
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_REFRESH_TOKEN": REFRESH_TOKEN,
            "SPOTIFY_TOKEN_FILE": str(folder / "token.json"),
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
            "ON_FAILURE": f"cat >> '{folder}/told'",
        }

    def extract(self) -> None:
        with exported(self.environment):
            assert extract.handler({}, CONTEXT)["marker"] is True

    def transform(self, key: str = "demo") -> dict[str, Any]:
        """Run `transform` in this process, with this access key."""
        with exported(self.environment | {"AWS_ACCESS_KEY_ID": key}):
            return transform.handler(EVENT, CONTEXT)

    @contextmanager
    def started(self) -> Iterator["subprocess.Popen[str]"]:
        """Run `transform` in a process, which is killed at the end of the block."""
        # Only what dbt has parsed stays, which saves seconds. For the lock this is a new machine.
        work = self.folder / "function"
        for file in work.rglob("machine_id"):
            file.unlink()
        environment = os.environ | self.environment | {"WORK_DIR": str(work)}
        command = [sys.executable, "-c", FUNCTION]
        with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as function:
            try:
                yield function
            finally:
                function.kill()

    @contextmanager
    def killed_before(self, statement: str) -> Iterator[None]:
        """Run `transform` in a process and stop it before it starts a statement. After the block it is killed."""
        reached, killed = Event(), Event()

        def hold() -> None:
            reached.set()
            killed.wait()
            raise ApiError("RequestTimeout", "the function that asked for this is dead")

        self.athena.control.before(statement, hold)
        try:
            with self.started() as function:
                wait_until(reached.is_set, function)
                yield
        finally:
            killed.set()

    def ten_minutes_later(self) -> None:
        """What a killed function had started on Athena has ended, and its lock has expired."""
        while self.running:
            time.sleep(0.1)
        self.athena.age(BUCKET, LOCK, LEASE_S)

    def executions(self, holding: str) -> list[Execution]:
        return [one for one in list(self.athena.athena.executions.values()) if holding in one.query]

    def is_asked_about(self, statement: str) -> bool:
        """Whether a caller knows the id of an execution of this statement and has asked for its state."""
        ids = {one.id for one in self.executions(statement)}
        return any(one.parameters.get("QueryExecutionId") in ids for one in list(self.athena.control.requests))

    @property
    def running(self) -> list[str]:
        return [one.query for one in list(self.athena.athena.executions.values()) if not one.is_over]

    @property
    def is_locked(self) -> bool:
        return "Contents" in self.athena.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=LOCK)

    def months(self) -> set[str]:
        """The months that fct_plays has."""
        found = self.athena.client("glue").get_partitions(DatabaseName="spotify_marts", TableName="fct_plays")
        return {one["Values"][0] for one in found["Partitions"]}

    def difference(self, folder: Path) -> list[str]:
        """Between the marts and those of DuckDB from the same lake."""
        places = {"TARGET": "dev", "DUCKDB_PATH": str(folder / "spotify.duckdb"), "WORK_DIR": str(folder / "work")}
        with exported(self.environment | places):
            step("build", load_settings())
        marts = Marts(folder / "spotify.duckdb", self.athena, "spotify_marts")
        differing = marts.difference()
        assert len(marts.rows) > 20
        return differing


@pytest.fixture(scope="module")
def functions(athena: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    """After an extract, and before the first build."""
    athena.reset()
    athena.control.work_groups["spotify-elt"] = WorkGroup("spotify-elt", is_enforced=False)
    athena.make_bucket(BUCKET)
    athena.make_databases()
    with DemoServer(**SMALL) as demo_server:
        made = Functions(athena, demo_server, tmp_path_factory.mktemp("lambda"))
        made.extract()
        yield made


def wait_until(happened: Callable[[], object], function: "subprocess.Popen[str]") -> None:
    ends = time.monotonic() + 600
    while not happened():
        assert function.poll() is None, function.communicate()[1]
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_second_event_changes_nothing_while_a_build_is_under_way_or_was_killed(functions: Functions) -> None:
    with functions.killed_before('"spotify_intermediate"."int_exported_plays'):
        with pytest.raises(StepBusy, match="another run holds"):
            functions.transform("second")
    with pytest.raises(StepBusy, match="another run holds"):
        functions.transform("second")
    assert [one for one in functions.athena.control.requests if one.caller == "second"] == []
    functions.ten_minutes_later()


def test_at_the_time_limit_a_build_stops_its_statements_and_frees_the_lake(functions: Functions) -> None:
    long = '"spotify_marts"."sessions'
    functions.athena.control.lasting.append(long)
    with functions.started() as function:
        wait_until(lambda: functions.is_asked_about(long), function)
        function.send_signal(signal.SIGALRM)
        _, printed = function.communicate(timeout=MARGIN_S)
    functions.athena.control.lasting.clear()
    assert "StepFailed: `make build` was stopped after 880 s, before the time limit of the function" in printed
    assert [one.state for one in functions.executions(long)] == ["CANCELLED"]
    assert functions.running == []
    assert not functions.is_locked


def test_a_kill_before_a_changed_month_is_written_loses_nothing(functions: Functions, tmp_path: Path) -> None:
    before = functions.months()
    functions.demo_server.clock(hours=24)
    functions.extract()
    with functions.killed_before('insert into "awsdatacatalog"."spotify_marts"."fct_plays"'):
        assert functions.months() < before
    functions.ten_minutes_later()
    assert functions.transform()["built"] is True
    assert functions.difference(tmp_path) == []
    assert functions.transform() == {"built": False}
