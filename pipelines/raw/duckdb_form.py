"""The form of DuckDB files that other people's programs can open."""

from pathlib import Path

# DuckDB 2 writes files that DuckDB 1 refuses, unless it is told to write the oldest form. A file keeps the form that it
# was made with. https://duckdb.org/docs/stable/internals/storage
OLDEST_FORM: dict[str, str | bool | int | float | list[str]] = {"storage_compatibility_version": "v1.0.0"}


def make_in_oldest_form(file: Path) -> None:
    """Make an empty DuckDB file, unless the file exists. For libraries that open a file without this setting."""
    import duckdb

    if not file.exists():
        duckdb.connect(str(file), config=OLDEST_FORM).close()
