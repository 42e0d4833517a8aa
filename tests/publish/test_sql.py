"""`make sql` answers statements on the marts, and changes nothing."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.exit_codes import Exit
from orchestration.publish.sql import sql
from orchestration.warehouses.published_file import Owner, replace
from pipelines.settings import BadSetting, Settings, load_settings
from tests.orchestration.build_files import built

__all__ = ["built"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path, built: Callable[[int], Path]) -> Settings:
    """Settings of a folder whose DuckDB file has two plays."""
    found = load_settings({"DUCKDB_PATH": str(tmp_path / "it's mine.duckdb")}, tmp_path)
    replace(found.duckdb_path, built(2), Owner(frozenset(), ""))
    return found


def from_file(statements: str, settings: Settings, folder: Path, capfd: Capture) -> str:
    """What `make sql < script.sql` prints."""
    script = folder / "script.sql"
    script.write_text(statements)
    with script.open() as stdin, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", stdin)
        assert sql(settings) == Exit.OK
    return capfd.readouterr().out


def test_one_statement_is_answered_with_and_without_the_schema(settings: Settings, capfd: Capture) -> None:
    statement = "select sum(a.n) + 40 as found from fct_plays as a, marts.fct_plays as b, about"
    assert sql(settings, [statement]) == Exit.OK
    assert "42" in capfd.readouterr().out


def test_statements_come_from_stdin_when_it_is_no_terminal(settings: Settings, tmp_path: Path, capfd: Capture) -> None:
    printed = from_file("select 'first' as line;\nselect 'second' as line;\n", settings, tmp_path, capfd)
    assert printed.index("first") < printed.index("second")


def test_the_answers_of_a_file_fit_a_window_when_no_terminal_shows_them(
    settings: Settings, tmp_path: Path, capfd: Capture
) -> None:
    wide = f"select table_name, {', '.join(['repeat(grain, 200) as grain'] * 3)} from about;\n"
    printed = from_file(wide, settings, tmp_path, capfd)
    assert "fct_plays" in printed
    assert "…" in printed
    assert max(map(len, printed.splitlines())) <= 120


@pytest.mark.parametrize("command", [".mode csv", ".maxwidth 99999"])
def test_a_file_may_ask_for_whole_values(command: str, settings: Settings, tmp_path: Path, capfd: Capture) -> None:
    assert "x" * 3000 in from_file(f"{command}\nselect repeat('x', 3000) as long;\n", settings, tmp_path, capfd)


def test_the_command_line_gets_whole_values(settings: Settings, capfd: Capture) -> None:
    assert sql(settings, ["select repeat('x', 3000) as long"]) == Exit.OK
    assert "x" * 3000 in capfd.readouterr().out


def test_a_wrong_statement_ends_with_2_and_with_the_reason_of_duckdb(settings: Settings, capfd: Capture) -> None:
    assert sql(settings, ["select no_such_column from fct_plays"]) == Exit.USAGE
    assert "no_such_column" in capfd.readouterr().err


def test_the_tables_cannot_be_changed(settings: Settings, capfd: Capture) -> None:
    before = settings.duckdb_path.read_bytes()
    assert sql(settings, ["delete from marts.fct_plays"]) == Exit.USAGE
    assert "read-only" in capfd.readouterr().err
    assert settings.duckdb_path.read_bytes() == before


def test_without_tables_the_prompt_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="is not built yet; run `make elt` first"):
        sql(load_settings({}, tmp_path))
    with pytest.raises(BadSetting, match="its tables are in Athena"):
        sql(load_settings({"TARGET": "prod", "LAKE_URL": "s3://bucket/lake", "AWS_REGION": "eu-central-1"}, tmp_path))
