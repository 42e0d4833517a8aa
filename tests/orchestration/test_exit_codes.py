"""Each way that a run can end has its exit code and one clear message."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.lake.lock import held, holder
from pipelines.lake.store import Lake
from pipelines.settings import load_settings
from tests.machine import Machine

HOLD = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
EXTRACT = "import sys; from orchestration.cli import main; sys.argv = ['spotify-elt', 'extract']; main()"
Capture = pytest.CaptureFixture[str]


def build_file(machine: Machine) -> Path:
    return DuckDBFile(load_settings(machine.environment, machine.folder)).build_file


def one_line(capsys: Capture) -> str:
    """The text on stderr. Fails unless it is one line and no traceback."""
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "Traceback" not in printed
    return printed


def test_a_run_that_read_everything_ends_with_0(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    assert capsys.readouterr().err == ""
    assert machine.last_run["exit_code"] == 0


def test_a_run_with_a_locked_resource_ends_with_3_until_the_lock_is_over(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.quota("library", calls=0, retry_after_s=3600)
    assert machine.type("extract") == 3
    assert "saved_albums" in capsys.readouterr().out
    assert machine.type("extract") == 3
    assert machine.last_run["exit_code"] == 3


def test_a_locked_profile_ends_with_3_and_says_why(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.fault("/v1/me", status=429, headers={"Retry-After": "7200"})
    assert machine.type("extract") == 3
    assert "7200" in one_line(capsys)


def test_a_consent_that_is_over_ends_with_4_and_asks_for_a_login(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract", SPOTIFY_CONSENTED_AT="2020-01-01") == 4
    assert "make login" in one_line(capsys)
    assert machine.demo_server.requests() == {}
    machine.demo_server.clock(days=200)
    assert machine.type("extract") == 4
    assert "make login" in one_line(capsys)


def test_a_consent_that_ends_during_a_run_ends_with_4_and_what_was_read_is_kept(
    machine: Machine, capsys: Capture
) -> None:
    machine.demo_server.fault("/v1/me/albums", status=401)
    assert machine.type("extract") == 4
    assert "make login" in " ".join(capsys.readouterr().out.split())
    assert machine.last_run["ended_by"]
    assert machine.last_run["rows_appended"]["saved_tracks"] == 30


def test_no_token_at_all_ends_with_4(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract", SPOTIFY_REFRESH_TOKEN="") == 4
    assert "make login" in one_line(capsys)


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ({"TIME_ZONE": "Mars"}, "TIME_ZONE"),
        ({"SPOTIFY_CLIENT_ID": "unknown"}, "SPOTIFY_CLIENT_ID"),
        ({"SPOTIFY_CLIENT_SECRET": "wrong"}, "client id and secret"),
    ],
)
def test_a_wrong_setting_ends_with_5_and_is_named(
    machine: Machine, capsys: Capture, setting: dict[str, str], text: str
) -> None:
    assert machine.type("extract", **setting) == 5
    assert text in one_line(capsys)


@pytest.mark.parametrize(
    ("switch", "cause"),
    [("premium", "has no active Premium"), ("listed_user", "the app does not list this Spotify user")],
)
def test_an_app_that_spotify_refuses_ends_with_5_and_the_cause(
    machine: Machine, capsys: Capture, switch: str, cause: str
) -> None:
    machine.demo_server.switch(**{switch: False})
    assert machine.type("extract") == 5
    printed = one_line(capsys)
    assert cause in printed
    assert ("Premium" in printed) == (switch == "premium")


def test_the_lake_of_another_account_ends_with_5_and_stays_as_it_was(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    before = sorted(machine.lake.rglob("*.parquet"))
    for field in ("id", "account_id"):
        machine.demo_server.mutate("poison", path="/v1/me", field=field, value="somebody else")
    capsys.readouterr()
    assert machine.type("extract") == 5
    assert "LAKE_URL" in one_line(capsys)
    assert sorted(machine.lake.rglob("*.parquet")) == before
    machine.demo_server.mutate("heal")
    assert machine.type("extract") == 0


def test_the_tables_of_another_account_end_with_5(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    with duckdb.connect(str(machine.folder / "data" / "spotify.duckdb")) as db:
        db.execute("create table made_for as select 'somebody else' as account")
    capsys.readouterr()
    assert machine.type("build") == 5
    assert "DUCKDB_PATH" in one_line(capsys)


def test_a_folder_as_duckdb_file_ends_with_5_before_the_load(machine: Machine, capsys: Capture) -> None:
    assert machine.type("elt", DUCKDB_PATH=str(machine.folder)) == 5
    assert f"DUCKDB_PATH is the folder {machine.folder}" in one_line(capsys)
    assert machine.demo_server.requests() == {}


def test_a_file_that_is_no_duckdb_file_ends_with_5(machine: Machine, capsys: Capture) -> None:
    machine.type("extract")
    (machine.folder / "data" / "spotify.duckdb").write_text("no database" * 1000)
    assert machine.type("build") == 5
    assert "spotify.duckdb" in one_line(capsys)


def test_a_second_run_ends_with_7_and_names_the_first(machine: Machine, capsys: Capture) -> None:
    with held(Lake(str(machine.lake)), machine.lake, "elt"):
        assert machine.type("extract") == 7
        assert holder(Lake(str(machine.lake))) is not None
    printed = one_line(capsys)
    assert "`elt`" in printed
    assert "process" in printed
    assert machine.demo_server.requests() == {}
    assert machine.type("extract") == 0


@pytest.fixture
def another_program(machine: Machine) -> Iterator[Path]:
    """Another process that has the build file open."""
    file = build_file(machine)
    file.parent.mkdir(parents=True)
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin
        assert program.stdout
        program.stdout.readline()
        yield file
        program.stdin.close()


def test_a_build_file_that_is_open_elsewhere_ends_with_7(
    machine: Machine, another_program: Path, capsys: Capture
) -> None:
    machine.type("extract")
    capsys.readouterr()
    assert machine.type("build") == 7
    assert str(another_program) in one_line(capsys)


def test_no_network_ends_with_1_and_one_line(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.stop()
    assert machine.type("extract") == 1
    host = machine.demo_server.accounts_url.removeprefix("http://")
    assert f"no connection to {host} (connection refused)" in one_line(capsys)


def test_an_interrupted_run_ends_with_130_and_the_next_run_continues(machine: Machine) -> None:
    machine.demo_server.fault("/v1/me/tracks", delay_s=30)
    command = [sys.executable, "-c", EXTRACT]
    run = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin"} | machine.environment, stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while "GET /v1/me/tracks" not in machine.demo_server.requests() and time.monotonic() < until:
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    _, printed = run.communicate(timeout=40)
    assert run.returncode == 130
    assert printed.decode().startswith("interrupted")
    assert printed.decode().count("\n") == 1
    machine.demo_server.no_faults()
    assert machine.type("extract") == 0
    assert machine.last_run["rows_appended"]["saved_tracks"] == 30


def test_the_load_is_reported_even_if_the_tables_cannot_be_built(
    machine: Machine, another_program: Path, capsys: Capture
) -> None:
    assert machine.type("elt") == 7
    printed = capsys.readouterr().out
    assert str(another_program) in printed
    assert "recently_played" in printed
    assert machine.last_run["exit_code"] == 7


def test_a_build_without_a_lake_ends_with_5_and_makes_no_folder(machine: Machine, capsys: Capture) -> None:
    missing = machine.folder / "no lake here"
    assert machine.type("build", LAKE_URL=str(missing)) == 5
    assert f"there is no lake at {missing}; run `make elt` first" in capsys.readouterr().err
    assert not missing.exists()
