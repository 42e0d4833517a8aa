"""A whole run: its summary, its record, and what happens when the data fail a test."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.exit_codes import Exit
from orchestration.publish.questions.answers import answer, questions
from orchestration.warehouses import marts
from orchestration.warehouses.marts import Mart
from tests.machine import SMALL, Machine
from tests.orchestration.older_duckdb import asked, older_duckdb
from tests.simulators.spotify.demo_server import DemoServer

__all__ = ["older_duckdb"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Machine]:
    """One machine for all tests of this file that use it; its tables are built once."""
    with DemoServer(**SMALL) as demo_server, pytest.MonkeyPatch.context() as patch:
        yield Machine(demo_server, folder, patch)


def words(capsys: Capture) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_the_summary_and_the_record_of_a_run_hold_what_it_read_and_built(shared: Machine, capsys: Capture) -> None:
    shared.demo_server.fault("/v1/me/shows", status=429, headers={"Retry-After": "7200"})
    assert shared.type("elt", SPOTIFY_CONSENTED_AT="2026-06-10", TIME_ZONE="Europe/Berlin") == 3
    printed, record = words(capsys), shared.last_run
    assert record["exit_code"] == 3
    assert (record["account"], record["mode"]) == ("Demo Listener", "development mode")
    assert record["account"] in printed
    assert record["mode"] in printed
    calls = {name.removeprefix("GET /v1/"): n for name, n in shared.demo_server.requests().items() if "GET" in name}
    assert sum(record["calls"].values()) == sum(calls.values())
    assert f"all {sum(record['calls'].values())}" in printed
    assert record["token_calls"] == 1
    by_name = {resource["resource"]: resource for resource in record["resources"]}
    assert by_name["saved_shows"]["outcome"] == "stopped"
    assert by_name["saved_shows"]["reason"] in printed
    assert by_name["saved_shows"]["not_before"]
    assert f"saved_tracks {by_name['saved_tracks']['rows_new']} 0 {by_name['saved_tracks']['rows_read']} 1" in printed
    assert record["warnings"]
    assert all(" ".join(warning.split()) in printed for warning in record["warnings"])
    assert f"{record['models_built']} models built, {record['tests_passed']} tests passed" in printed
    assert record["models_built"] > 10
    assert record["tests_failed"] == record["broken"] == []
    assert record["top_artists"][0]["artist"] in printed
    assert set(record["seconds"]) == {"load", "register", "build"}
    assert "last_run.json" in printed


def test_the_marts_hold_what_the_account_holds(shared: Machine) -> None:
    with duckdb.connect(str(shared.folder / "data" / "spotify.duckdb"), read_only=True) as db:
        counted = db.execute("select count(*) from marts.fct_plays").fetchone()
    assert counted == (50,)


def test_an_older_duckdb_reads_the_tables_and_what_the_build_made(shared: Machine, older_duckdb: Path) -> None:
    assert asked(older_duckdb, shared.folder / "data" / "spotify.duckdb", "select version()") < "[('v1.5"
    for name in ("fct_plays", "marts.fct_plays"):
        question = f"select count(*) from {name}"
        assert asked(older_duckdb, shared.folder / "data" / "spotify.duckdb", question) == "[(50,)]"
    about = "select row_count, since > '2026-10-01', until <= '2026-11-02' from about where table_name = 'fct_plays'"
    assert asked(older_duckdb, shared.folder / "data" / "spotify.duckdb", about) == "[(50, True, True)]"
    schemas = "select distinct table_schema from information_schema.tables order by 1"
    assert asked(older_duckdb, shared.folder / "data" / "spotify.duckdb", schemas) == (
        "[('main',), ('marts',), ('spotify_elt',)]"
    )
    (build_file,) = (shared.folder / "data" / "dbt").glob("build_*.duckdb")
    views = "select count(distinct played_at) from raw.spotify__recently_played, staging.stg_spotify__loads"
    assert asked(older_duckdb, build_file, views) == "[(50,)]"


@pytest.mark.parametrize("mart", marts.declared(), ids=lambda mart: str(mart.name))
def test_the_query_in_the_description_of_a_mart_runs(shared: Machine, mart: Mart) -> None:
    query = mart.description.rpartition("For instance: `")[2].removesuffix("`")
    assert mart.name in query
    with duckdb.connect(str(shared.folder / "data" / "spotify.duckdb"), read_only=True) as db:
        db.execute(query)


def test_the_questions_of_the_docs_can_be_asked_of_any_account(shared: Machine) -> None:
    with duckdb.connect(str(shared.folder / "data" / "spotify.duckdb"), read_only=True) as db:
        assert [len(answer(db, question).columns) > 2 for question in questions()] == [True] * 10


def test_the_summary_of_a_run_without_new_rows_says_so(shared: Machine, capsys: Capture) -> None:
    shared.demo_server.no_faults()
    shared.type("extract")
    capsys.readouterr()
    shared.type("extract")
    assert "nothing new" in words(capsys)


def test_the_summary_names_the_times_between_which_plays_may_be_missing(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    machine.demo_server.clock(days=3)
    assert machine.type("extract") == 0
    plays = next(row for row in machine.last_run["resources"] if row["resource"] == "recently_played")
    assert plays["gap_from"] < plays["gap_until"]
    printed = words(capsys)
    assert "plays may be missing between" in printed
    assert plays["gap_from"][:16] in printed


def test_data_that_fail_a_test_end_with_6_and_the_last_good_tables_stay(shared: Machine, capsys: Capture) -> None:
    tables = shared.folder / "data" / "spotify.duckdb"
    before = tables.read_bytes()
    file = next(shared.lake.glob("spotify/recently_played/*/*.parquet"))
    rows = pq.read_table(file)
    column = rows.schema.get_field_index("track_uri")
    nothing = pa.nulls(rows.num_rows, rows.schema.field(column).type)
    pq.write_table(rows.set_column(column, "track_uri", nothing), file)
    assert shared.type("build") == 6
    printed, record = words(capsys), json.loads((shared.lake / "last_build.json").read_text())
    assert record["exit_code"] == 6
    assert tables.read_bytes() == before
    assert "keeps the tables of the last good build; what this build made is in" in printed
    assert Path(record["not_published"].rsplit(" ", 1)[-1]).exists()
    assert shared.last_run["verb"] != "build"
    assert record["tests_failed"]
    assert all(" ".join(f"test failed: {failed}".split()) in printed for failed in record["tests_failed"])


def test_status_shows_account_lake_locks_and_last_run_and_sends_no_request(machine: Machine, capsys: Capture) -> None:
    assert machine.type("status") == 0
    assert "last run none" in words(capsys)
    machine.demo_server.quota("following", calls=0)
    machine.type("extract")
    machine.demo_server.forget_requests()
    capsys.readouterr()
    assert machine.type("status", SPOTIFY_CONSENTED_AT="2020-01-01") == 0
    printed = words(capsys)
    assert machine.demo_server.requests() == {}
    assert "account Demo Listener" in printed
    assert "followed_artists until" in printed
    assert "exit code 3" in printed
    assert "over: `make login`" in printed


def test_forget_deletes_what_was_read_and_the_tokens_and_nothing_else(machine: Machine, capsys: Capture) -> None:
    machine.demo_server.switch(rotation=True)
    assert machine.type("extract") == 0
    beside = machine.folder / "data" / "my notes.txt"
    beside.write_text("mine")
    assert (machine.folder / "data" / "token.json").exists()
    assert machine.type("forget", "--yes") == 0
    left = [file.name for file in machine.folder.rglob("*") if file.is_file()]
    assert left == ["my notes.txt"]
    assert "not deleted, because no run writes it: " in words(capsys)


def test_forget_without_a_yes_deletes_nothing(machine: Machine, capsys: Capture) -> None:
    assert machine.type("extract") == 0
    before = json.dumps(sorted(str(file) for file in machine.folder.rglob("*")))
    assert machine.type("forget") == Exit.USAGE
    assert "nothing was deleted; to confirm without a terminal: make forget ARGS=--yes" in words(capsys)
    assert json.dumps(sorted(str(file) for file in machine.folder.rglob("*"))) == before
