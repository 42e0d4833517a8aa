"""`python -m pipelines.spotify`: the source alone, into a DuckDB file of the current folder.

Credentials come from dlt's configuration: `.dlt/secrets.toml`, section `sources.spotify`, or environment variables
such as SOURCES__SPOTIFY__CLIENT_ID.
"""

import sys
from pathlib import Path
from typing import Any

import dlt
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.raw.duckdb_form import make_in_oldest_form
from pipelines.raw.errors import RunEnded
from pipelines.settings import BadSetting
from pipelines.spotify.source import spotify


def main() -> int:
    """Load the account and print the rows by table. If nothing could be loaded, print why and exit with code 1."""
    pipeline = dlt.pipeline("spotify", destination="duckdb", dataset_name="raw")
    try:
        source = spotify()
        destination: Any = pipeline.destination_client()
        make_in_oldest_form(Path(destination.config.credentials.database))
        info = pipeline.run(source)
        info.raise_on_failed_jobs()
    except ConfigFieldMissingException as error:
        names = ", ".join(f"sources.spotify.{field}" for field in error.fields)
        return _fail(f"{names} is not set; write it into .dlt/secrets.toml")
    except (PipelineStepFailed, RunEnded, BadSetting) as error:
        return _fail(str(_reason(error)))
    print(info)
    normalized = pipeline.last_trace and pipeline.last_trace.last_normalize_info
    for table, count in sorted(normalized.row_counts.items()) if normalized else ():
        if not table.startswith("_dlt"):
            print(f"{table:20} {count:>8,} rows")
    return 0


def _reason(error: BaseException) -> BaseException:
    while error.__cause__ is not None and not isinstance(error, RunEnded):
        error = error.__cause__
    return error


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
