"""`make forget`: deletes everything that was read of an account: lake, tables, working folders, tokens."""

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from orchestration.report.console import echo, relative_path
from pipelines.lake import manifest
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.spotify.token_store import token_store


def forget(settings: Settings, yes: bool = False) -> int:
    """List the data and delete it, after a question unless `yes`. Files that no run creates are not deleted."""
    lake = Lake.of(settings)
    found = [*_in_lake(lake), *_on_this_machine(settings)]
    if not found:
        echo("there is nothing to delete")
        return 0
    echo("to delete:")
    for what, _ in found:
        echo(f"  {relative_path(what)}")
    if settings.target == "prod":
        echo("not deleted: the tables that Athena built; `make infra ARGS=-destroy` deletes them with their bucket")
    if not yes and not (sys.stdin.isatty() and input("Type yes to delete all of it: ").strip() == "yes"):
        echo("nothing was deleted; `make forget ARGS=--yes` deletes without a question")
        return 0
    with held(lake, settings.working_dir, "forget"):
        for _, delete in found:
            delete()
    echo("deleted; to end the consent at Spotify too, open spotify.com/account/apps")
    return 0


def _in_lake(lake: Lake) -> list[tuple[str, Callable[[], None]]]:
    """The folders and files of the lake: the address, and a function that deletes it."""
    scheme = "" if lake.is_local else "s3://"
    names = (*(source.name for source in SOURCES), *manifest.ALL_RECORDS)
    paths = [path for path in (f"{lake.root}/{name}" for name in names) if lake.fs.exists(path)]
    return [(scheme + path, partial(lake.fs.rm, path, recursive=True)) for path in paths]


def _on_this_machine(settings: Settings) -> list[tuple[str, Callable[[], None]]]:
    """Files and folders outside of the lake: the path, and a function that deletes it."""
    paths = [
        *(
            settings.duckdb_path.with_name(settings.duckdb_path.name + ending)
            for ending in ("", ".wal", ".new", ".new.wal")
        ),
        settings.working_dir,
        settings.work_dir / "dbt",
        settings.work_dir / "docs",
        settings.work_dir / "scheduled",
        settings.work_dir / "last_error.txt",
    ]
    found: list[tuple[str, Callable[[], None]]] = []
    for path in filter(Path.exists, paths):
        found.append((str(path), partial(shutil.rmtree, path) if path.is_dir() else path.unlink))
    store = token_store(settings.token_file, settings.region)
    if not settings.is_demo and store.exists():
        found.append((str(store), store.delete))
    return found
