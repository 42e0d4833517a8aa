"""`make export`: writes every table of the DuckDB file for other programs."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.publish.export import datasette, lastfm, listenbrainz, sqlite
from orchestration.publish.export.listens import count
from orchestration.publish.export.tables import Table, replacing, tables, write_table
from orchestration.publish.marts_file import marts_file
from orchestration.report.console import echo, relative_path, spinner
from orchestration.warehouses import marts
from pipelines.settings import Settings


def export(settings: Settings, folder: str = "") -> int:
    """Write the files into the folder, by default `export` in the work folder, and print what is there.

    A file takes the place of an older one when it is complete. Other files of the folder stay. Raises BadSetting when
    there are no tables, and OSError.
    """
    target = Path(folder).expanduser().resolve() if folder else settings.work_dir / "export"
    with duckdb.connect(str(marts_file(settings)), read_only=True) as db, spinner("exporting") as status:
        found = tables(db, marts.declared())
        for table in found:
            status.update(f"{table.name}: {table.rows:,} rows")
            write_table(db, table, target)
        _write_sqlite(db, found, target, status.update)
        status.update("listens")
        for form in (listenbrainz, lastfm):
            form.write(db, target)
        listens = count(db)
    _print(target, found, listens, settings)
    return 0


def write_sqlite(
    settings: Settings, target: Path, on_progress: Callable[[str], None], unless_newer_than: float
) -> tuple[Path, Path]:
    """The SQLite file and Datasette's metadata in the folder. They are written again unless newer than this time."""
    files = (target / sqlite.FILE, target / datasette.FILE)
    if not all(file.exists() and file.stat().st_mtime > unless_newer_than for file in files):
        with duckdb.connect(str(marts_file(settings)), read_only=True) as db:
            _write_sqlite(db, tables(db, marts.declared()), target, on_progress)
    return files


def _write_sqlite(
    db: duckdb.DuckDBPyConnection, found: list[Table], target: Path, on_progress: Callable[[str], None]
) -> None:
    with replacing(target / sqlite.FILE) as new:
        sqlite.write(db, found, new, on_progress)
    with replacing(target / datasette.FILE) as new:
        new.write_text(datasette.metadata(found), encoding="utf-8")


def _print(target: Path, found: list[Table], listens: int, settings: Settings) -> None:
    shown = relative_path(str(target))
    echo(f"{len(found)} tables as Parquet and CSV: {shown}/parquet, {shown}/csv")
    echo(f"the same tables in SQLite: {shown}/{sqlite.FILE}; for Datasette: {shown}/{datasette.FILE}")
    echo(f"{listens:,} listens for ListenBrainz: {shown}/{listenbrainz.FILE}")
    echo(f"the same listens for tools of Last.fm: {shown}/{lastfm.SCRUBBLER}, {shown}/{lastfm.HISTORY}")
    if not target.is_relative_to(settings.work_dir):
        echo("`make forget` does not delete this folder")
