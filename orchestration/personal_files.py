"""What runs write about a person: lake, tables, working files, tokens, and files beside them."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orchestration import places, recognised
from pipelines.lake import manifest
from pipelines.lake.store import DAMAGED, Lake
from pipelines.settings import ROOT, Settings
from pipelines.sources import SOURCES
from pipelines.spotify.token_store import token_store

# Beside a DuckDB file and a token file: what DuckDB and an interrupted write leave.
ENDINGS = ("", ".wal", ".new", ".new.wal", ".tmp")
WORKING_FILES = (
    "dlt/????????",
    "dbt/target",
    "dbt/logs",
    "dbt/*.duckdb*",
    "docs/index.html",
    "export/parquet/*.parquet*",
    "export/csv/*.csv*",
    "export/spotify.sqlite*",
    "export/metadata.json*",
    "export/listenbrainz.zip*",
    "export/lastfm_*.csv*",
    "site",
    "site.new",
    "report/index.html",
    "report/[0-9][0-9][0-9][0-9]*",
    "airflow/airflow.*",
    "airflow/logs",
    "airflow/include",
    "dagster/dagster.*",
    "dagster/history",
    "dagster/logs",
    "dagster/schedules",
    "dagster/storage",
    "dagster/.logs_queue",
    "scheduled/*.log*",
    "scheduled/told.json*",
    "follow",
    "last_error.txt",
    "rejected/*.jsonl",
)
# Logs of the README's cron lines, exports that wait or were imported, files of dbt by hand, and of the plain dlt source
# when it ran in this folder.
BESIDE = (
    "data/*.log*",
    "data/imports/*",
    "transform/.env",
    "transform/target",
    "transform/logs",
    "transform/.user.yml",
    ".dlt/spotify_token.json*",
    "spotify.duckdb*",
)


@dataclass(frozen=True)
class Found:
    """A file, a folder or a parameter in AWS, and the function that deletes it."""

    what: str
    delete: Callable[[], None]


def of_run(settings: Settings) -> Iterator[Found]:
    """What runs with these settings wrote. Raises the errors of AWS.

    An address may be wrong, so outside of the folder `data` only files are named that this program recognises.
    """
    lake, file = Lake.of(settings), settings.duckdb_path
    if recognised.is_lake(lake):
        yield from _in_lake(lake)
    if not file.exists() or recognised.is_duckdb_file(file):
        yield from _existing(file.with_name(file.name + ending) for ending in ENDINGS)
    if recognised.is_work_folder(settings):
        for folder in {settings.work_dir, settings.scratch_dir}:
            for pattern in WORKING_FILES:
                yield from _existing(folder.glob(pattern))
    if settings.is_token_in_aws:
        store = token_store(settings.token_file, settings.region)
        if store.exists():
            yield Found(str(store), store.delete)
    elif not Path(settings.token_file).exists() or recognised.is_token_file(Path(settings.token_file)):
        yield from _existing(Path(settings.token_file + ending) for ending in ENDINGS)


def not_recognised(settings: Settings) -> list[str]:
    """What is at the addresses of these settings and was not made by this program: one line each."""
    lake, file, token_file = Lake.of(settings), settings.duckdb_path, Path(settings.token_file)
    found = {
        f"{file}, which is no DuckDB file of this program": file.exists() and not recognised.is_duckdb_file(file),
        f"{lake.root}, which holds no lake": lake.is_local
        and Path(lake.root).exists()
        and not recognised.is_lake(lake),
        f"{token_file}, which holds no tokens": not settings.is_token_in_aws
        and token_file.exists()
        and not recognised.is_token_file(token_file),
    }
    return [line for line, is_here in found.items() if is_here]


def beside_runs(keep_register: bool) -> Iterator[Found]:
    """What is in the project folder whatever the settings are."""
    for pattern in (*BESIDE, *(() if keep_register else (places.REGISTER,))):
        yield from _existing(ROOT.glob(pattern))


def remove_empty_folders(settings: Settings) -> None:
    """Remove the folders that only runs make, if nothing is left in them."""
    lake = Lake.of(settings)
    if lake.is_local:
        Path(lake.root, ".lock").unlink(missing_ok=True)
    shutil.rmtree(settings.working_dir, ignore_errors=True)
    parents = {settings.work_dir, settings.scratch_dir}
    folders = [
        parent / name for parent in parents for name in ("dlt", "dbt", "docs", "report", "scheduled", "rejected")
    ]
    lakes = [Path(lake.root)] if lake.is_local else []
    for folder in [*folders, *lakes, ROOT / "data" / "demo", ROOT / "data" / "imports"]:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def left_to_the_user(settings: Settings) -> list[str]:
    """What `make forget` does not delete although it can hold personal data: one line each."""
    written = [
        f"{name}, because it holds your own settings"
        for name in (".env", ".dlt/secrets.toml")
        if (ROOT / name).exists()
    ]
    athena = "the tables that Athena built; `make infra ARGS=-destroy` deletes them with their bucket"
    return [*written, *([athena] if settings.target == "prod" else [])]


def others_in_data() -> list[Path]:
    """Files that are left in the folder `data`."""
    return sorted(path for path in (ROOT / "data").rglob("*") if path.is_file())


def _in_lake(lake: Lake) -> Iterator[Found]:
    scheme = "" if lake.is_local else "s3://"
    folders = [source.name for source in SOURCES if recognised.is_dataset(lake, source.name)]
    for name in (*folders, DAMAGED, *manifest.ALL_RECORDS):
        path = f"{lake.root}/{name}"
        if lake.fs.exists(path):
            yield Found(scheme + path, partial(lake.fs.rm, path, recursive=True))
        if lake.is_local:
            yield from _existing([Path(f"{path}.new")])


def _existing(paths: Iterable[Path]) -> Iterator[Found]:
    for path in sorted(paths):
        if path.is_symlink() or path.exists():
            is_folder = path.is_dir() and not path.is_symlink()
            yield Found(
                str(path), partial(_remove_folder, path) if is_folder else partial(path.unlink, missing_ok=True)
            )


def _remove_folder(path: Path) -> None:
    if path.exists():  # a folder above may have been deleted
        shutil.rmtree(path)
