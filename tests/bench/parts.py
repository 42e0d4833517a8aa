"""One `elt` with its parts measured. The last line on stdout is JSON: the seconds by part."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

SECONDS: dict[str, float] = {}


def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, except that its seconds are added to the part `name`."""

    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.monotonic()
        try:
            return work(*arguments, **named)
        finally:
            SECONDS[name] = SECONDS.get(name, 0) + time.monotonic() - started

    return timed


def main() -> int:
    """Import everything first, so that the seconds of the imports are separate from those of the work."""
    started = time.monotonic()
    watched("import dlt, pyarrow, the source", __import__)("pipelines.load")
    watched("import dbt", __import__)("dbt.cli.main")
    watched("import dbt", __import__)("dbt.adapters.duckdb.impl")

    from dbt.parser.manifest import ManifestLoader

    from orchestration import cli
    from orchestration.warehouses import dbt
    from pipelines import load
    from pipelines.spotify.demo_account import demo_account

    @contextmanager
    def listener_starts(*arguments: Any) -> Iterator[Any]:
        asked = time.monotonic()
        with demo_account(*arguments) as found:
            SECONDS["the demo server starts"] = time.monotonic() - asked
            yield found

    with (
        patch("orchestration.run.demo_account", listener_starts),
        patch.object(load, "load", watched("load", load.load)),
        patch.object(dbt, "build", watched("dbt: build, its parse within", dbt.build)),
        patch.object(ManifestLoader, "get_full_manifest", watched("dbt: parse", ManifestLoader.get_full_manifest)),
    ):
        code = cli.call(["elt"])
    SECONDS["all"] = time.monotonic() - started
    print(json.dumps(SECONDS))
    return code


if __name__ == "__main__":
    sys.exit(main())
