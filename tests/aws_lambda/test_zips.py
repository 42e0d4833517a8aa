"""The real zips under AWS's runtime interface emulator, on a machine like Lambda's: see runtime.py.

What `transform` builds is tested in tests/terraform/test_chain.py. `python -m tests.bench lambda` builds under the
emulator, which takes too long for every change.
"""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest

from orchestration.aws_lambda.package import FUNCTIONS, SERVICES
from tests.aws_lambda.runtime import Failed, Runtime
from tests.aws_lambda.tools import emulator, needed_python, python_with_runtime, zips
from tests.simulators.aws.server import LAKE_URL, Cloud, serving
from tests.simulators.spotify.demo_server import CLIENT_ID, REFRESH_TOKEN, DemoServer

LIMIT = 250 * 1024 * 1024
TOKEN = {"client_id": CLIENT_ID, "refresh_token": REFRESH_TOKEN, "consented_at": "2026-11-01T00:00:00"}


@pytest.fixture(scope="module")
def aws() -> Iterator[Cloud]:
    with serving() as cloud:
        yield cloud


@pytest.fixture
def started(aws: Cloud, tmp_path: Path) -> Iterator[Callable[..., Runtime]]:
    """Starts a function for a demo account, on an empty bucket."""
    aws.clean()
    aws.client("ssm").put_parameter(Name="/token", Value=json.dumps(TOKEN), Type="SecureString")
    topic = aws.client("sns").create_topic(Name="alerts")["TopicArn"]
    running: list[Runtime] = []

    def start(demo_server: DemoServer, name: str = "extract", tmp: str = "512m") -> Runtime:
        environment = aws.environment | {
            "SPOTIFY_API_URL": demo_server.api_url,
            "SPOTIFY_ACCOUNTS_URL": demo_server.accounts_url,
            "SPOTIFY_TOKEN_FILE": "ssm:/token",
            "LAKE_URL": LAKE_URL,
            "TARGET": "prod",
            "ON_FAILURE": topic,
        }
        handler = f"orchestration.aws_lambda.{name}.handler"
        folder = tmp_path / str(len(running))
        folder.mkdir()
        code, python = zips() / f"{name}.zip", python_with_runtime()
        function = Runtime(code, handler, environment, emulator(), python, folder, tmp=tmp)
        running.append(function)
        return function.__enter__()

    yield start
    for function in running:
        function.kill()


def rows(aws: Cloud, tmp_path: Path, table: str) -> set[str]:
    """The keys of a table in complete loads."""
    folder = tmp_path / "copied" / table
    aws.copy(folder)
    files = sorted(map(str, (folder / "lake" / "spotify" / table).rglob("*.parquet")))
    loads = {
        json.loads(file.read_text())["load_id"] for file in (folder / "lake" / "spotify" / "_dlt_loads").glob("*.jsonl")
    }
    column = "played_at" if table == "recently_played" else "track_uri"
    with duckdb.connect() as db:
        valid = "from read_parquet(?, union_by_name = true) where list_contains(?, _dlt_load_id)"
        found = db.execute(f"select {column} {valid}", [files, sorted(loads)]).fetchall()
    return {str(key) for (key,) in found}


def test_extract_runs_twice_in_one_process_and_prints_nothing(
    aws: Cloud, started: Callable[..., Runtime], demo_servers: Callable[..., DemoServer]
) -> None:
    function = started(demo_servers(size=60, playlists=2, playlist_items=5))
    first, second = function.invoke({}), function.invoke({})
    assert (first["exit_code"], first["marker"]) == (0, True)
    assert first["rows"] > 200
    assert (second["exit_code"], second["calls"]) == (0, 4)
    assert sum(file.is_file() for file in function.folder.rglob("*.pyc")) == 0
    assert not (function.folder / "data").exists()
    own = ("START ", "END ", "REPORT ")
    printed = [
        line
        for line in function.log.read_text().splitlines()
        if line and "(rapid)" not in line and not line.startswith(own)
    ]
    assert printed == []


def test_transform_starts_and_builds_nothing_without_a_marker(
    started: Callable[..., Runtime], demo_servers: Callable[..., DemoServer]
) -> None:
    function = started(demo_servers(), "transform")
    for hours in (23, 0):
        assert function.invoke({"at_most_every_hours": hours}) == {"built": False}


def test_an_unpacked_zip_is_smaller_than_lambda_allows() -> None:
    for name in FUNCTIONS:
        assert sum(one.file_size for one in ZipFile(zips() / f"{name}.zip").infolist()) < LIMIT


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_services_that_a_run_calls_are_in_the_zip(tmp_path: Path, name: str) -> None:
    """dbt-athena also asks for the resource of S3, when it deletes the files of a table that it replaces."""
    ZipFile(zips() / f"{name}.zip").extractall(tmp_path)
    script = f"import boto3; [boto3.client(name) for name in {SERVICES}]; boto3.resource('s3')"
    environment = {"AWS_DEFAULT_REGION": "eu-central-1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([needed_python(), "-c", script], cwd=tmp_path, env=environment, check=True)


def test_a_killed_extract_is_made_up_for_by_the_next(
    aws: Cloud, started: Callable[..., Runtime], demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    demo_server = demo_servers(size=60, playlists=2, playlist_items=5)
    killed = started(demo_server)
    errors: list[Exception] = []

    def invoke() -> None:
        try:
            killed.invoke({})
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=invoke)
    thread.start()
    ends = time.monotonic() + 120
    while not aws.objects("lake/spotify/_dlt_loads/") and time.monotonic() < ends:
        time.sleep(0.05)
    killed.kill()
    thread.join()
    assert errors
    assert not aws.objects("markers/")
    next_one = started(demo_server)
    with pytest.raises(Failed, match="another run holds") as busy:
        next_one.invoke({})
    assert busy.value.kind == "StepBusy"
    aws.age("lake/.lock", 601)
    assert next_one.invoke({})["marker"] is True
    assert len(rows(aws, tmp_path, "recently_played")) == 50
    assert len(rows(aws, tmp_path, "saved_tracks")) == 60


def test_a_full_tmp_fails_with_its_message_and_the_next_run_loads_everything(
    aws: Cloud, started: Callable[..., Runtime], demo_servers: Callable[..., DemoServer], tmp_path: Path
) -> None:
    demo_server = demo_servers(size=60, playlists=2, playlist_items=5)
    full = started(demo_server, tmp="100k")
    if not full.is_isolated:
        pytest.skip("this user may not make a mount namespace")
    with pytest.raises(Failed, match="the disk is full") as failed:
        full.invoke({})
    assert failed.value.kind == "StepFailed"
    assert not aws.objects("markers/")
    assert started(demo_server).invoke({})["marker"] is True
    assert len(rows(aws, tmp_path, "recently_played")) == 50
    assert len(rows(aws, tmp_path, "saved_tracks")) == 60


def test_a_consent_that_ended_fails_with_its_message_and_is_published(
    aws: Cloud, started: Callable[..., Runtime], demo_servers: Callable[..., DemoServer]
) -> None:
    demo_server = demo_servers(size=20, playlists=1, playlist_items=5)
    wrong: dict[str, Any] = TOKEN | {"refresh_token": "withdrawn"}
    aws.client("ssm").put_parameter(Name="/token", Value=json.dumps(wrong), Type="SecureString", Overwrite=True)
    function = started(demo_server)
    with pytest.raises(Failed, match="make login") as failed:
        function.invoke({})
    assert failed.value.kind == "StepFailed"
    kept = json.loads(aws.objects("lake/told_extract.json")["lake/told_extract.json"])
    assert kept["consent-ended"]["told_at"]
