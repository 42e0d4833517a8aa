"""Whether files at an address that somebody typed are files of this program. `make forget` deletes no others."""

import json
from pathlib import Path

import duckdb

from orchestration import places
from orchestration.warehouses.published_file import FACTS
from pipelines.lake import manifest
from pipelines.lake.store import LOADS, Lake
from pipelines.settings import Settings


def is_ours(path: str | Path) -> bool:
    """Whether a path is below the folder `data` of the project, in which only runs write."""
    return Path(path).resolve().is_relative_to(Path(places.default("data").work_dir).resolve())


def is_lake(lake: Lake) -> bool:
    """Whether an address holds a lake: a manifest, which every load writes first."""
    return not lake.is_local or is_ours(lake.root) or bool(lake.read_json(manifest.MANIFEST))


def is_dataset(lake: Lake, source: str) -> bool:
    """Whether a folder of a lake is the dataset of a source: it has dlt's records of loads."""
    return not lake.is_local or is_ours(lake.root) or Path(lake.root, source, LOADS).is_dir()


def is_duckdb_file(file: Path) -> bool:
    """Whether a build made this DuckDB file."""
    if is_ours(file):
        return not file.is_dir()
    try:
        with duckdb.connect(str(file), read_only=True) as db:
            query = "select count(*) from duckdb_schemas() where schema_name = ?"
            return db.execute(query, [FACTS]).fetchall() != [(0,)]
    except duckdb.Error:
        return False


def is_token_file(file: Path) -> bool:
    if is_ours(file):
        return not file.is_dir()
    try:
        return bool({"client_id", "refresh_token"} <= json.loads(file.read_text(encoding="utf-8")).keys())
    except (OSError, ValueError, AttributeError):
        return False


def is_work_folder(settings: Settings) -> bool:
    """Whether runs have worked in this folder: dlt's working folder of the lake is there."""
    return is_ours(settings.work_dir) or settings.working_dir.is_dir()
