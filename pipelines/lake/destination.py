"""How dlt writes into the lake: its filesystem destination and its configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dlt
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.runtime.run_context import RunContext

from pipelines.lake.store import Lake
from pipelines.settings import ROOT


class _ProjectContext(RunContext):
    """dlt's context for a project folder: dlt reads `.dlt/config.toml` of this repository."""

    @property
    def run_dir(self) -> str:
        return str(ROOT)


@contextmanager
def project_context() -> Iterator[None]:
    """Within it dlt uses the configuration of this repository, wherever the process started. The environment wins.

    dlt's own `switched_run_context` would first start the context of the current folder, with telemetry.
    """
    with Container().injectable_context(PluggableRunContext(_ProjectContext(str(ROOT)))) as context:
        context.add_extras()
        yield


def lake_destination(lake: Lake) -> Any:
    """dlt's destination for the lake. On S3 it uses the connections of `lake.aws`."""
    if lake.is_local:
        return dlt.destinations.filesystem(lake.url)
    return dlt.destinations.filesystem(lake.url, kwargs=lake.aws.s3fs_options)
