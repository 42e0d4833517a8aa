"""How dlt writes into the lake: its filesystem destination and its configuration, both passed as values."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from dlt.common.configuration.container import Container
from dlt.common.configuration.providers import CustomLoaderDocProvider
from dlt.common.configuration.providers.provider import ConfigProvider
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.destination import DestinationCapabilitiesContext
from dlt.common.normalizers.naming import NamingConvention
from dlt.common.runtime.run_context import RunContext
from dlt.common.schema import Schema
from dlt.destinations import filesystem
from dlt.destinations.impl.filesystem.configuration import FilesystemDestinationClientConfiguration
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

from pipelines import durable
from pipelines.lake.store import Lake

LAYOUT = "{table_name}/load_month={YYYY}-{MM}/{load_id}.{file_id}.{ext}"
MAX_STATE_FILES = 20  # each holds the whole state, and only the newest is read
CONFIGURATION = {
    # The names of the lake's tables and columns. dlt's default is the same, unless DLT_DEFAULT_NAMING_MODULE is set.
    "schema": {"naming": "snake_case"},
    # A failure is reported once, by the summary of the run.
    "runtime": {"dlthub_telemetry": False, "log_level": "CRITICAL"},
    # One resource after the other, in the order of their declaration. Only the order in the summary depends on this.
    "extract": {"next_item_mode": "fifo"},
    # gzip of the intermediate files took 43 % of the CPU time. Parquet is a third smaller with zstd than with snappy.
    "data_writer": {"disable_compression": True, "compression": "zstd"},
    # The lake keeps the rows, so the working folder need not keep them too.
    "load": {"delete_completed_jobs": True},
}


class _LakeContext(RunContext):
    """dlt's run context with our configuration alone.

    dlt's files and environment variables (`~/.dlt/config.toml`, `NORMALIZE__...`, `DLT_DATA_DIR`) belong to other
    projects on this machine: decision 30.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder = str(folder)

    @property
    def run_dir(self) -> str:
        return self._folder

    local_dir = data_dir = global_dir = run_dir

    def initial_providers(self) -> list[ConfigProvider]:
        return [CustomLoaderDocProvider("spotify-elt", lambda: CONFIGURATION)]


@contextmanager
def dlt_configuration(folder: Path) -> Iterator[None]:
    """Make dlt use CONFIGURATION and `folder` inside the `with` block, whatever the current folder is.

    dlt's own `switched_run_context` would first start the context of the current folder, with telemetry.
    """
    with Container().injectable_context(PluggableRunContext(_LakeContext(folder))) as context:
        context.add_extras()
        yield


class _Client(FilesystemClient):
    """dlt's client, one for each file. The version of the dataset is read once and not for each file."""

    versions: dict[str, tuple[int, int]]

    def initialize_storage(self, truncate_tables: Any = None) -> None:
        super().initialize_storage(truncate_tables)
        if self.dataset_path not in self.versions:
            self.get_storage_versions()

    def get_storage_versions(self) -> tuple[int, int]:
        self.versions[self.dataset_path] = found = super().get_storage_versions()
        return found

    @property
    def storage_versions(self) -> tuple[int, int]:
        return self.versions.get(self.dataset_path) or super().storage_versions


class _DurableClient(_Client):
    """Brings the rows to the disk before it writes the record that makes them valid."""

    def complete_load(self, load_id: str) -> None:
        dataset = Path(self.dataset_path)
        durable.sync(dataset.glob(f"*/*/{load_id}.*"), dataset.parent)
        super().complete_load(load_id)
        durable.sync(dataset.glob(f"_dlt_*/*__{load_id}*"), dataset.parent)


class _Destination(filesystem):
    """dlt's filesystem destination without repeated work: dlt makes two clients for each file of a load."""

    @property
    def client_class(self) -> type[FilesystemClient]:
        return _Client

    @property
    def destination_type(self) -> str:
        """The name of dlt's own destination, so that dlt's command line can open the pipeline."""
        return "dlt.destinations.filesystem"

    @cached_property
    def _versions(self) -> dict[str, tuple[int, int]]:
        return {}

    def client(self, schema: Schema, initial_config: Any = None) -> FilesystemClient:
        made = super().client(schema, initial_config)
        assert isinstance(made, _Client)
        made.versions = self._versions
        return made

    def capabilities(
        self, config: FilesystemDestinationClientConfiguration | None = None, naming: NamingConvention | None = None
    ) -> DestinationCapabilitiesContext:
        """They depend on the address alone. Without `config`, dlt would look up all settings and credentials first."""
        return super().capabilities(config or self.spec(bucket_url=self.config_params["bucket_url"]), naming)


class _Folder(_Destination):
    @property
    def client_class(self) -> type[FilesystemClient]:
        return _DurableClient


def lake_destination(lake: Lake) -> Any:
    """dlt's destination for the lake. On S3 it uses the connections of `lake.aws`."""
    if lake.is_local:
        return _Folder(lake.url, layout=LAYOUT, max_state_files=MAX_STATE_FILES)
    return _Destination(lake.url, layout=LAYOUT, max_state_files=MAX_STATE_FILES, kwargs=lake.aws.s3fs_options)
