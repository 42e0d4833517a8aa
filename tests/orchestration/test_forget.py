"""`make forget` deletes all personal data that the clone ever wrote, whatever the settings were then."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from botocore.exceptions import NoCredentialsError

from orchestration import personal_files, places
from orchestration.exit_codes import Exit
from orchestration.lake_lock import lake_lock
from orchestration.personal_files import Found
from orchestration.verbs.forget import forget
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
from pipelines.settings import Settings, load_settings
from tests.machine import Machine

Capture = pytest.CaptureFixture[str]

# What a build, dbt by hand, a schedule and an error write beside the lake.
WRITTEN = (
    "data/spotify.duckdb",
    "data/spotify.duckdb.wal",
    "data/hourly.log",
    "data/daily.log.1",
    "data/last_error.txt",
    "data/scheduled/told.json",
    "data/dbt/target/compiled/fct_plays.sql",
    "data/dbt/logs/dbt.log",
    "data/dbt/build_0123abcd.duckdb",
    "data/docs/index.html",
    "data/export/csv/fct_plays.csv",
    "data/export/parquet/fct_plays.parquet",
    "data/export/spotify.sqlite",
    "data/export/metadata.json",
    "data/export/listenbrainz.zip",
    "data/export/lastfm_history.csv",
    "data/site/report/2026.html",
    "data/lake/damaged/spotify/tracks/1.parquet",
    "data/lake/last_run.json.new",
    "data/demo/lake/last_run.json",
    "transform/.env",
    "transform/logs/dbt.log",
    ".dlt/spotify_token.json",
)


@pytest.fixture
def elsewhere(machine: Machine) -> dict[str, str]:
    """Settings that were given once, on the command line."""
    folder = machine.folder / "elsewhere"
    return machine.environment | {
        "LAKE_URL": str(folder / "lake"),
        "DUCKDB_PATH": str(folder / "tables.duckdb"),
        "WORK_DIR": str(folder / "work"),
        "SPOTIFY_TOKEN_FILE": str(folder / "token.json"),
    }


@pytest.fixture
def used(machine: Machine, elsewhere: dict[str, str]) -> Machine:
    """A clone that read the account into its own folder and into another one; its lakes hold one file each."""
    for environment in (machine.environment, elsewhere):
        lake = Path(environment["LAKE_URL"])
        (lake / "spotify" / "_dlt_loads").mkdir(parents=True)
        (lake / "lake.json").write_text('{"layout": 1}')
        (lake / "spotify" / "rows").write_text("rows")
        places.remember(load_settings(environment, machine.folder))
    return machine


def names_and_ids(lake: Path) -> set[bytes]:
    with duckdb.connect() as db:
        rows = db.execute(f"select name, track_id from '{lake}/spotify/tracks/*/*.parquet' where name is not null")
        return {value.encode() for row in rows.fetchall() for value in row if value}


def files_with(folder: Path, words: set[bytes]) -> Iterator[str]:
    """Files that hold one of the words, or rows that are compressed."""
    for file in folder.rglob("*"):
        if file.is_file() and (file.suffix == ".parquet" or any(word in file.read_bytes() for word in words)):
            yield str(file.relative_to(folder))


def test_forget_after_logout_leaves_no_name_and_no_id_of_the_account(
    machine: Machine, elsewhere: dict[str, str], capsys: Capture
) -> None:
    assert machine.type("extract") == 0
    other = load_settings(elsewhere, machine.folder)
    places.remember(other)
    shutil.copytree(machine.lake, other.lake_url)
    shutil.copytree(load_settings(machine.environment, machine.folder).working_dir, other.working_dir)
    words = names_and_ids(machine.lake) | {b"Demo Listener", b"demo_listener"}
    assert len(words) > 60
    with duckdb.connect(str(other.duckdb_path)) as tables:
        tables.execute("create schema spotify_elt")
        tables.execute("create table words as select unnest(?) as word", [sorted(map(bytes.decode, words))])
    Path(other.token_file).write_text('{"client_id": "mine", "refresh_token": "Demo Listener"}')
    for file in (machine.folder / name for name in WRITTEN):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\n".join(words))
    (machine.folder / ".env").write_text("SPOTIFY_CLIENT_ID=mine\n")
    (machine.folder / "data" / "my notes.txt").write_text("mine")
    capsys.readouterr()
    after_logout = load_settings({}, machine.folder).model_copy(update={"is_demo": True})
    assert forget(after_logout, yes=True) == 0
    assert list(files_with(machine.folder, words)) == []
    left = {str(file.relative_to(machine.folder)) for file in machine.folder.rglob("*") if file.is_file()}
    assert left == {".env", "data/my notes.txt"}
    assert not Path(other.lake_url).exists()
    printed = capsys.readouterr().out
    assert "not deleted: .env, because it holds your own settings" in printed
    assert forget(after_logout, yes=True) == 0
    assert "there is nothing to delete" in capsys.readouterr().out


def test_forget_deletes_nothing_that_this_program_did_not_make(machine: Machine, capsys: Capture) -> None:
    """Addresses can be wrong, and a run that refuses them has already put them into the register."""
    own = machine.folder / "own"
    names = ("photos/spotify/a.jpg", "photos/damaged/b.jpg", "work/docs/index.html", "work/dbt/target/x", "file/thesis")
    for name in (*names, "README.md"):
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text("mine")
    with duckdb.connect(str(own / "my.duckdb")) as db:
        db.execute("create table mine as select 1 as one")
    before = {file: file.read_bytes() for file in own.rglob("*") if file.is_file()}
    for tables in ("README.md", "my.duckdb", "file"):
        given = {
            "LAKE_URL": str(own / "photos"),
            "DUCKDB_PATH": str(own / tables),
            "WORK_DIR": str(own / "work"),
            "SPOTIFY_TOKEN_FILE": str(own / "README.md"),
        }
        places.remember(load_settings(machine.environment | given, machine.folder))
    assert machine.type("forget", "--yes") == 0
    assert {file: file.read_bytes() for file in own.rglob("*") if file.is_file()} == before
    assert "my.duckdb, which is no DuckDB file of this program" in " ".join(capsys.readouterr().out.split())


def test_a_run_writes_its_places_into_the_register_once(machine: Machine) -> None:
    for _ in range(2):
        with lake_lock(load_settings(machine.environment, machine.folder), "extract"):
            assert [found.lake_url for found in places.known()] == [str(machine.lake)]
    assert (machine.folder / places.REGISTER).stat().st_mode & 0o777 == 0o600


def test_half_a_line_in_the_register_costs_this_line_only(used: Machine, elsewhere: dict[str, str]) -> None:
    register = used.folder / places.REGISTER
    assert len(places.known()) == 2
    register.write_bytes(register.read_bytes()[:-20])
    assert len(places.known()) == 1
    places.remember(load_settings(elsewhere, used.folder))
    assert len(places.known()) == 2


def test_the_demo_account_is_not_in_the_register(machine: Machine) -> None:
    places.remember(load_settings({}, machine.folder))
    assert places.known() == []


def test_forget_deletes_nothing_while_a_run_holds_one_of_the_lakes(used: Machine) -> None:
    other = used.folder / "elsewhere" / "lake"
    with held(Lake(str(other)), used.folder, "extract"):
        assert used.type("forget", "--yes") == Exit.BUSY
    assert (other / "spotify" / "rows").exists()
    assert (used.lake / "spotify" / "rows").exists()
    assert len(places.known()) == 2


def test_forget_keeps_the_register_when_aws_refuses_one_of_the_places(
    used: Machine, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    of_run = personal_files.of_run

    def refused(run: Settings) -> Iterator[Found]:
        if "elsewhere" in run.lake_url:
            raise NoCredentialsError
        yield from of_run(run)

    monkeypatch.setattr(personal_files, "of_run", refused)
    assert used.type("forget", "--yes") == Exit.AWS_REFUSED
    assert "there are no AWS credentials" in capsys.readouterr().out
    assert not used.lake.exists()
    assert len(places.known()) == 2
