"""The DuckDB file with the marts, which everything in this folder reads."""

from pathlib import Path

from orchestration.report.console import relative_path
from pipelines.settings import BadSetting, Settings


def marts_file(settings: Settings) -> Path:
    """The file of the last good build. Raises BadSetting when there is none."""
    if settings.target != "dev":
        raise BadSetting("TARGET is 'prod', and its tables are in Athena; TARGET=dev builds the same tables in DuckDB")
    if not settings.duckdb_path.exists():
        raise BadSetting(f"{relative_path(str(settings.duckdb_path))} is not built yet; run `make elt` first")
    return settings.duckdb_path
