"""`make export`: writes every table of the DuckDB file for other programs."""

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
    file = marts_file(settings)
    target = Path(folder).expanduser().resolve() if folder else settings.work_dir / "export"
    with duckdb.connect(str(file), read_only=True) as db, spinner("exporting") as status:
        found = tables(db, marts.declared())
        for table in found:
            status.update(f"{table.name}: {table.rows:,} rows")
            write_table(db, table, target)
        with replacing(target / sqlite.FILE) as new:
            sqlite.write(db, found, new, status.update)
        with replacing(target / datasette.FILE) as new:
            new.write_text(datasette.metadata(found), encoding="utf-8")
        status.update("listens")
        for form in (listenbrainz, lastfm):
            form.write(db, target)
        listens = count(db)
    _print(target, found, listens, settings)
    return 0


def _print(target: Path, found: list[Table], listens: int, settings: Settings) -> None:
    shown = relative_path(str(target))
    echo(f"{len(found)} tables as Parquet and CSV: {shown}/parquet, {shown}/csv")
    echo(f"the same tables in SQLite: {shown}/{sqlite.FILE}; for Datasette: {shown}/{datasette.FILE}")
    echo(f"{listens:,} listens for ListenBrainz: {shown}/{listenbrainz.FILE}")
    echo(f"the same listens for tools of Last.fm: {shown}/{lastfm.SCRUBBLER}, {shown}/{lastfm.HISTORY}")
    if not target.is_relative_to(settings.work_dir):
        echo("`make forget` does not delete this folder")
