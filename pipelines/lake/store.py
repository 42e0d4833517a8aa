"""Where the lake is: its files, its small records, and which loads are complete."""

import glob
import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import fsspec
from fsspec.implementations.local import LocalFileSystem

from pipelines import durable
from pipelines.aws.errors import code_of
from pipelines.aws.session import AwsSession
from pipelines.settings import Settings

LOADS = "_dlt_loads"
STATES = "_dlt_pipeline_state"
VERSIONS = "_dlt_version"
DAMAGED = "damaged"  # a folder of the lake


class Lake:
    """A folder, or a prefix on S3, with one dataset per source and a few JSON records beside them.

    `aws` makes every connection of the run to AWS, so that every request is counted and guarded. The connections
    stay open until `close`.
    """

    def __init__(self, url: str, region: str = "", s3_endpoint: str = "") -> None:
        self.url = url
        self.aws = AwsSession(region, s3_endpoint)
        if url.startswith("s3://"):
            # With its own cache of listings, s3fs would not see the files that dlt wrote. With concurrency inside a
            # file, s3fs would request the size of each file before reading it.
            options: dict[str, Any] = {"use_listings_cache": False, "max_concurrency": 1} | self.aws.s3fs_options
            self.fs, self.root = fsspec.core.url_to_fs(url, **options)
        else:
            # Not url_to_fs, which splits a path at "::".
            self.fs = LocalFileSystem()
            self.root = self.fs._strip_protocol(url)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.lake_url, settings.region, settings.s3_endpoint_url)

    def close(self) -> None:
        self.aws.close()

    @property
    def is_local(self) -> bool:
        return isinstance(self.fs, LocalFileSystem)

    def dataset(self, source: str) -> "Dataset":
        """The files of one source. Each new object lists the files again."""
        return Dataset(self, source)

    def texts(self, paths: Sequence[str]) -> dict[str, str]:
        """The contents of text files by path. Names that end in `.gz` are decompressed."""
        return {path: plain(path, content) for path, content in self.contents(paths).items()}

    def contents(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The contents of files by path. On S3 all requests run at once."""
        if not self.is_local:
            return dict(self.fs.cat(list(paths), recursive=False)) if paths else {}
        return {path: Path(path).read_bytes() for path in paths}

    def local_copies(self, paths: Sequence[str], folder: Path) -> list[str]:
        """The files, or copies of them in `folder`, as patterns that DuckDB reads: each matches one file.

        One GET downloads a small Parquet file; reading it in place would take three ranged requests.
        """
        if self.is_local:
            return [glob.escape(path) for path in paths]
        copies = []
        for path, content in self.contents(paths).items():
            copy = folder / path.removeprefix(self.root).strip("/").replace("/", "__")
            copy.write_bytes(content)
            copies.append(glob.escape(str(copy)))
        return copies

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A JSON record at the root of the lake; None when there is no such file, or when it is damaged."""
        try:
            content: bytes = self.fs.cat_file(f"{self.root}/{name}")
        except FileNotFoundError as error:
            if code_of(error) == "NoSuchBucket":
                raise
            return None
        try:
            found = json.loads(content)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def has_json(self, name: str) -> bool:
        """Whether there is a record of this name, damaged or not."""
        return bool(self.fs.exists(f"{self.root}/{name}"))

    def write_json(self, name: str, record: dict[str, Any]) -> None:
        self.write(f"{self.root}/{name}", json.dumps(record, indent=1, ensure_ascii=False, default=str).encode())

    def remove_json(self, name: str) -> None:
        self.remove([f"{self.root}/{name}"])

    def write(self, path: str, content: bytes) -> None:
        """Write a file atomically: a reader never sees half of the file, even after a kill or a power cut."""
        if self.is_local:
            durable.write(Path(path), content)
        else:
            self.fs.pipe_file(path, content)  # a PUT is atomic

    def remove(self, paths: Sequence[str]) -> None:
        """Delete files. A file that does not exist is no error."""
        if self.is_local:
            for path in paths:
                Path(path).unlink(missing_ok=True)
        elif paths:
            self.fs.rm(list(paths))


class Dataset:
    """The files of one source: `<lake>/<source>/<table>/load_month=YYYY-MM/<load_id>.<n>.parquet`.

    The dataset is listed once, because S3 charges for every listing. `write` and `remove` keep that list up to date;
    call `refresh` after dlt has written files.
    """

    def __init__(self, lake: Lake, source: str) -> None:
        self.lake = lake
        self.source = source
        self.root = f"{lake.root}/{source}"
        self._sizes: dict[str, int] | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """The size in bytes of every file of the dataset, by path."""
        if self._sizes is None:
            found = self.lake.fs.find(self.root, detail=True)
            self._sizes = {path: facts["size"] for path, facts in found.items()}
        return self._sizes

    def refresh(self) -> None:
        self._sizes = None

    def files(self, table: str) -> list[str]:
        """The Parquet files of a table, sorted by path."""
        return self._found(table, (".parquet",))

    def records(self, kind: str) -> list[str]:
        """dlt's JSON lines of one kind, for instance `_dlt_loads`. Compacted ones are compressed."""
        return self._found(kind, (".jsonl", ".jsonl.gz"))

    def completed(self) -> set[str]:
        """Ids of the loads that wrote all their rows. Rows of other loads are not valid (dlt issue 4052)."""
        return completed_in(self.lake.texts(self.records(LOADS)).values())

    def write(self, path: str, content: bytes) -> None:
        self.lake.write(path, content)
        if self._sizes is not None:
            self._sizes[path] = len(content)

    def remove(self, paths: Sequence[str]) -> None:
        self.lake.remove(paths)
        for path in paths:
            if self._sizes:
                self._sizes.pop(path, None)

    def _found(self, folder: str, endings: tuple[str, ...]) -> list[str]:
        prefix = f"{self.root}/{folder}/"
        return sorted(path for path in self.sizes if path.startswith(prefix) and path.endswith(endings))


def load_id_of(path: str) -> str:
    """The id of the load that wrote a data file: `1772037543.15` for `1772037543.15.ab12cd.parquet`."""
    return ".".join(path.rsplit("/", 1)[-1].split(".")[:2])


def plain(path: str, content: bytes) -> str:
    return (gzip.decompress(content) if path.endswith(".gz") else content).decode("utf-8")


def json_lines(text: str) -> list[dict[str, Any]]:
    """The records of JSON lines. One parse of a joined array is several times faster than one parse per line."""
    records: list[dict[str, Any]] = json.loads(f"[{','.join(line for line in text.splitlines() if line.strip())}]")
    return records


def completed_in(texts: Iterable[str]) -> set[str]:
    """Ids of the complete loads in dlt's records of loads."""
    return {record["load_id"] for text in texts for record in json_lines(text) if record.get("status") == 0}
