"""The DuckDB file that people open is replaced as a whole, and never while something in it would be lost."""

import datetime as dt
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouses.dbt import WarehouseBusy, WarehouseUnusable
from orchestration.warehouses.marts import Mart
from orchestration.warehouses.published_file import Owner, check_replaceable, replace
from pipelines.settings import ROOT
from tests.orchestration.build_files import ask, built

__all__ = ["built"]

OWNER = Owner(frozenset({"me"}), "data/lake")
HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "r")
print("open", flush=True)
for question in sys.stdin:
    print(db.execute(question).fetchall(), flush=True)
"""
KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.warehouses import published_file
module = published_file.durable if sys.argv[1] == "sync" else published_file
setattr(module, sys.argv[1], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
published_file.replace(Path(sys.argv[2]), Path(sys.argv[3]), published_file.Owner(frozenset(), ""))
"""


@pytest.fixture
def file(tmp_path: Path, built: Callable[[int], Path]) -> Path:
    """A file with one play."""
    file = tmp_path / "spotify.duckdb"
    replace(file, built(1), OWNER)
    return file


@pytest.fixture
def held(file: Path) -> Callable[[str], AbstractContextManager[Callable[[str], str]]]:
    """Holds the file open in another process, for reading ("r") or for writing ("w"), and asks it questions."""

    @contextmanager
    def hold(mode: str) -> Iterator[Callable[[str], str]]:
        command = [sys.executable, "-c", HOLD, str(file), mode]
        with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
            assert program.stdin
            assert program.stdout
            stdin, stdout = program.stdin, program.stdout

            def answer(question: str) -> str:
                stdin.write(question + "\n")
                stdin.flush()
                return stdout.readline().strip()

            assert stdout.readline() == "open\n"
            yield answer

    return hold


def test_show_tables_names_about_and_the_marts_and_both_names_work_under_any_name_of_the_file(file: Path) -> None:
    moved = Path(shutil.move(file, file.with_name("copy of mine.db")))
    assert ask(moved, "show tables") == [("about",), ("fct_plays",)]
    assert ask(moved, "from fct_plays") == ask(moved, "from marts.fct_plays") == [(0,)]
    comments = "select schema_name, comment from duckdb_columns() where table_name = 'fct_plays' order by all"
    assert ask(moved, comments) == [("main", "The number."), ("marts", "The number.")]
    of_table = "select comment from duckdb_tables() where table_name = 'fct_plays'"
    assert ask(moved, of_table) == [("It's one row per play.",)]
    assert "build" not in str(ask(moved, "select sql from duckdb_views() where not internal"))


def test_about_says_what_each_mart_is_how_many_rows_it_has_and_which_days_it_covers(
    file: Path, built: Callable[[int], Path]
) -> None:
    build_file = built(3)
    with duckdb.connect(str(build_file)) as db:
        db.execute(
            """
            create table marts.streaks as from (values
              (date '2026-05-01', date '2026-05-02'), ('2026-05-04', '2026-05-04')
            ) as s (started_on, ended_on);
            comment on table marts.streaks is 'One row per streak. Days in a row.
            '
            """
        )
        db.execute("create table marts.top_artists_recent as select 1 as n")  # no model makes it any more
    marts = [Mart("streaks", "listening", "", covers=("started_on", "ended_on")), Mart("fct_plays", "core", "")]
    replace(file, build_file, OWNER, marts)
    assert ask(file, "select table_name, subject, grain, row_count, since, until, description from about") == [
        ("streaks", "listening", "One row per streak", 2, dt.date(2026, 5, 1), dt.date(2026, 5, 4), "Days in a row."),
        ("fct_plays", "core", "It's one row per play", 3, None, None, None),
    ]
    assert ask(file, "show tables") == [("about",), ("fct_plays",), ("streaks",)]


def test_every_table_and_column_of_the_file_that_people_query_has_a_comment(file: Path) -> None:
    for what in ("duckdb_tables()", "duckdb_views()", "duckdb_columns()"):
        assert (
            ask(file, f"from {what} where not internal and comment is null and schema_name in ('main', 'marts')") == []
        )


@pytest.mark.parametrize("mode", ["r", "w"])
def test_a_program_that_has_the_file_open_does_not_stop_a_build_and_keeps_its_rows(
    file: Path,
    built: Callable[[int], Path],
    held: Callable[[str], AbstractContextManager[Callable[[str], str]]],
    tmp_path: Path,
    mode: str,
) -> None:
    count = "select count(*) from fct_plays"
    with held(mode) as answer:
        check_replaceable(file, OWNER, tmp_path)
        replace(file, built(3), OWNER)
        assert answer(count) == "[(1,)]"
        assert ask(file, count) == [(3,)]
    assert ask(file, count) == [(3,)]


def test_a_program_that_is_writing_to_the_file_is_named(
    file: Path, held: Callable[[str], AbstractContextManager[Callable[[str], str]]], tmp_path: Path
) -> None:
    with held("w") as answer:
        answer("create table mine as select 1 as n")
        with pytest.raises(WarehouseBusy, match=r"another program is writing to .*PID"):
            check_replaceable(file, OWNER, tmp_path)
    with pytest.raises(WarehouseUnusable, match=r"main\.mine, which no build makes"):
        check_replaceable(file, OWNER, tmp_path)


def test_a_file_of_an_earlier_version_with_all_its_schemas_is_replaced(
    tmp_path: Path, built: Callable[[int], Path]
) -> None:
    file = Path(shutil.move(built(1), tmp_path / "spotify.duckdb"))
    with duckdb.connect(str(file)) as db:
        db.execute(
            "create table made_for as select 'me' as account; create schema raw; create view raw.t as select 1 as n"
        )
    check_replaceable(file, OWNER, tmp_path)
    replace(file, built(3), OWNER)
    assert ask(file, "select distinct schema_name from duckdb_tables() order by 1") == [
        ("main",),
        ("marts",),
        ("spotify_elt",),
    ]
    check_replaceable(file, OWNER, tmp_path)


def test_a_database_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "shop.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute("create schema marts; create table marts.orders as select 1 as n")
    with pytest.raises(WarehouseUnusable, match=r"marts\.orders, which no build makes"):
        check_replaceable(file, OWNER, tmp_path)


@pytest.mark.parametrize("moment", ["_statements", "sync"])
def test_a_replacement_that_is_killed_leaves_the_old_file(
    file: Path, built: Callable[[int], Path], moment: str
) -> None:
    build_file = built(3)
    before = file.read_bytes()
    command = [sys.executable, "-c", KILLED, moment, str(file), str(build_file)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert file.read_bytes() == before
    replace(file, build_file, OWNER)
    assert ask(file, "select count(*) from fct_plays") == [(3,)]
    assert sorted(path.name for path in file.parent.iterdir()) == ["build.duckdb", "spotify.duckdb"]


def test_the_log_of_an_old_file_is_not_replayed_into_the_new_one(
    file: Path, built: Callable[[int], Path], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.wal"
    log = Path(f"{file}.wal")
    with duckdb.connect(str(file)) as db:
        db.execute("insert into marts.fct_plays values (7)")
        shutil.copy(log, kept)
    shutil.copy(kept, log)
    replace(file, built(3), OWNER)
    assert ask(file, "select count(*) from fct_plays") == [(3,)]


def test_a_link_stays_a_link_and_the_rights_of_the_file_stay(
    file: Path, built: Callable[[int], Path], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = Path(shutil.move(file, tmp_path / "elsewhere" / "s.duckdb"))
    target.chmod(0o600)
    file.symlink_to(target)
    replace(file, built(3), OWNER)
    assert file.is_symlink()
    assert ask(target, "select count(*) from fct_plays") == [(3,)]
    assert target.stat().st_mode & 0o777 == 0o600


def test_the_file_of_another_lake_is_refused_and_one_of_a_lake_that_was_moved_is_not(
    file: Path, built: Callable[[int], Path], tmp_path: Path
) -> None:
    first = tmp_path / "first"
    first.mkdir()
    (first / "lake.json").write_text("{}")
    replace(file, built(1), Owner(frozenset({"me"}), str(first)))
    second = Owner(frozenset({"me"}), str(tmp_path / "second"))
    with pytest.raises(WarehouseUnusable, match="DUCKDB_PATH to another file for this lake, or delete the file"):
        check_replaceable(file, second, tmp_path)
    shutil.move(first, tmp_path / "second")
    check_replaceable(file, second, tmp_path)
