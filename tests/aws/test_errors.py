"""A refusal by AWS ends a run with its exit code and one clear line. Nothing is lost; the next run loads everything."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake.store import Lake
from tests.account import Account
from tests.kills.loads import rows_of
from tests.machine import Machine
from tests.s3 import close_connections
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud, exported
from tests.simulators.spotify.demo_server import DemoServer

Capture = pytest.CaptureFixture[str]
Answer = dict[str, Any]
ANYTHING = "s3"
ROWS = "s3.PutObject lake/spotify/saved_tracks"
DENIED: Answer = {"status": 403, "code": "AccessDenied", "message": "Access Denied"}
EXPIRED: Answer = {"status": 400, "code": "ExpiredToken", "message": "The provided token has expired."}
SLOW: Answer = {"status": 503, "code": "SlowDown", "message": "Please reduce your request rate."}
BROKEN: Answer = {
    "status": 500,
    "code": "InternalError",
    "message": "We encountered an internal error. Please try again.",
}
UNKNOWN: Answer = {"status": 403, "code": "InvalidAccessKeyId", "message": "no such key"}
SKEWED: Answer = {"status": 403, "code": "RequestTimeTooSkewed", "message": "too large"}
ELSEWHERE: Answer = {"status": 400, "code": "AuthorizationHeaderMalformed", "message": "expecting 'us-west-2'"}


@dataclass
class Case:
    fits: str
    fault: Answer
    code: int
    expected: str


CASES = {
    "denied": Case(ANYTHING, DENIED, 8, "AWS denies PutObject: Access Denied; the role needs"),
    "denied to read": Case("s3.GetObject", DENIED, 8, "AWS denies GetObject"),
    "denied to list": Case("s3.List", DENIED, 8, "AWS denies ListObjectsV2"),
    "denied to write the data": Case("s3.PutObject lake/spotify", DENIED, 8, "AWS denies PutObject"),
    "denied to write one table": Case(ROWS, DENIED, 8, "AWS denies PutObject"),
    "denied to write the record of the load": Case(
        "s3.PutObject lake/spotify/_dlt_loads", DENIED, 8, "AWS denies PutObject"
    ),
    "denied to write the record of the run": Case("s3.PutObject lake/last_run", DENIED, 8, "AWS denies PutObject"),
    "expired": Case(ANYTHING, EXPIRED, 8, "the AWS credentials have expired"),
    "expired in mid load": Case(ROWS, EXPIRED, 8, "the AWS credentials have expired"),
    "an unknown key": Case(
        ANYTHING, {"status": 403, "code": "InvalidAccessKeyId", "message": "no such key"}, 8, "AWS does not know"
    ),
    "a wrong clock": Case(
        ANYTHING, {"status": 403, "code": "RequestTimeTooSkewed", "message": "too large"}, 8, "the clock"
    ),
    "slow for ever": Case(ANYTHING, SLOW, 8, "AWS still asks to slow down after several tries (PutObject"),
    "slow for ever in mid load": Case(ROWS, SLOW, 8, "AWS still asks to slow down after several tries (PutObject"),
    "broken": Case(ANYTHING, BROKEN, 8, "AWS could not do PutObject: We encountered an internal error"),
    "broken in mid load": Case(ROWS, BROKEN, 8, "AWS could not do PutObject"),
    "a region that botocore cannot find": Case(ANYTHING, ELSEWHERE, 5, f"is not in AWS_REGION={REGION}: expecting"),
}


@pytest.fixture(scope="module")
def loaded(server: Cloud, demo_server: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The objects of a lake after one load."""
    server.clean()
    with exported(server.environment):
        Account(demo_server, tmp_path_factory.mktemp("loaded"), LAKE_URL=LAKE_URL, AWS_REGION=REGION).load()
        close_connections()
    return server.objects()


@pytest.fixture
def machine(loaded: dict[str, bytes], machines: Callable[[str], Machine], cloud: Cloud) -> Machine:
    """A machine after one load. On the next day there is one more saved track to read."""
    machine = machines("machine")
    cloud.put(loaded)
    return machine


@pytest.fixture
def saved(demo_server: DemoServer) -> str:
    demo_server.clock(days=1)
    return str(demo_server.mutate("save")["id"])


def one_line(capsys: Capture) -> str:
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1, printed
    assert "Traceback" not in printed
    return printed


def is_in_lake(cloud: Cloud, folder: Path, track: str) -> bool:
    cloud.copy(folder)
    return any(track in row for row in rows_of(Lake(str(folder / "lake")))["saved_tracks"])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_refusal_by_aws_gives_an_exit_code_and_one_line_and_the_next_run_loads_everything(
    cloud: Cloud,
    loaded: dict[str, bytes],
    machine: Machine,
    saved: str,
    capsys: Capture,
    tmp_path: Path,
    case: Case,
) -> None:
    cloud.front.fail(case.fits, **case.fault)
    assert machine.type("extract") == case.code
    assert case.expected in one_line(capsys)
    if case.fits == ROWS:
        assert machine.type("extract") == case.code
        assert case.expected in one_line(capsys)
    if case.fits == ANYTHING:
        assert cloud.objects().keys() - loaded.keys() == set()
        return
    cloud.front.forget()
    assert machine.type("extract") == 0
    assert is_in_lake(cloud, tmp_path / "copy", saved)
    assert "lake/.lock" not in cloud.objects()


def test_after_a_first_load_that_could_write_nothing_the_next_run_loads_everything(
    cloud: Cloud, machine: Machine, saved: str, capsys: Capture, tmp_path: Path
) -> None:
    cloud.put({})
    cloud.front.fail("s3.PutObject lake/spotify", **DENIED)
    assert machine.type("extract") == 8
    assert "AWS denies PutObject" in one_line(capsys)
    cloud.front.forget()
    assert machine.type("extract") == 0
    assert is_in_lake(cloud, tmp_path / "copy", saved)


@pytest.mark.parametrize(
    ("setting", "code", "expected"),
    [
        ({"LAKE_URL": "s3://not-there/lake"}, 5, "there is no bucket s3://not-there; check LAKE_URL"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, 8, f"no answer from AWS in region {REGION}"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, 8, "there are no AWS credentials to use"),
        ({"AWS_PROFILE": "nobody"}, 8, "there are no AWS credentials to use"),
        ({"AWS_REGION": ""}, 5, "AWS_REGION is not set"),
    ],
)
def test_a_setting_for_a_place_that_does_not_exist_is_reported(
    machine: Machine,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    setting: dict[str, str],
    code: int,
    expected: str,
) -> None:
    for name, value in setting.items():
        machine.environment[name] = value
        if not value:
            del machine.environment[name]
            monkeypatch.delenv(name)
            monkeypatch.delenv("AWS_DEFAULT_REGION" if name == "AWS_REGION" else name, raising=False)
    machine.demo_server.forget_requests()
    for verb in ("extract", "status"):
        assert machine.type(verb) == code
        assert expected in one_line(capsys)
    assert machine.demo_server.requests() == {}


def test_botocore_finds_a_bucket_in_another_region(cloud: Cloud, machine: Machine, saved: str) -> None:
    cloud.front.region = "us-west-2"
    assert machine.type("extract") == 0
    # Each client is redirected once.
    assert cloud.front.log[:2] == ["s3.PutObject lake/.lock"] * 2
    assert cloud.front.log[2] != cloud.front.log[3]


def test_a_load_succeeds_after_a_few_answers_that_ask_to_slow_down(
    cloud: Cloud, machine: Machine, saved: str, tmp_path: Path, capsys: Capture
) -> None:
    for fits in ("s3.PutObject lake/.lock", "s3.GetObject lake/lake.json", "s3.List", ROWS):
        cloud.front.fail(fits, **SLOW, times=3)
    assert machine.type("extract") == 0
    assert capsys.readouterr().err == ""
    assert is_in_lake(cloud, tmp_path / "copy", saved)


def test_after_a_failed_compaction_all_rows_stay_and_the_next_run_compacts(
    cloud: Cloud, machine: Machine, saved: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.lake.compact.OPEN_MONTH_FILES", 1)
    cloud.front.fail(r"s3.PutObject .*\.compacted\.parquet", **DENIED)
    assert machine.type("extract") == 8
    assert "AWS denies PutObject" in one_line(capsys)
    assert is_in_lake(cloud, tmp_path / "before", saved)
    cloud.front.forget()
    assert machine.type("extract") == 0
    assert [name for name in cloud.objects("lake/spotify/saved_tracks/") if name.endswith(".compacted.parquet")]
    assert is_in_lake(cloud, tmp_path / "after", saved)


def test_forget_deletes_the_lake_and_leaves_no_lock(cloud: Cloud, machine: Machine, capsys: Capture) -> None:
    cloud.put(cloud.objects() | {"lake/my notes.txt": b"mine", "tables/x": b"theirs"})
    assert machine.type("extract") == 0
    assert machine.type("forget") == 2
    assert "lake/lake.json" in cloud.objects()
    cloud.front.fail("s3.DeleteObjects", **DENIED)
    capsys.readouterr()
    assert machine.type("forget", "--yes") == 8
    assert "AWS denies DeleteObjects" in one_line(capsys)
    cloud.front.forget()
    assert machine.type("forget", "--yes") == 0
    assert set(cloud.objects()) == {"lake/my notes.txt", "tables/x"}
    assert not (machine.folder / "data" / "dlt").exists() or not list((machine.folder / "data" / "dlt").iterdir())
