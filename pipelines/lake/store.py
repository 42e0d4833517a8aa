"""Where the lake is: its files, its own small records, which loads are complete."""

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from pipelines.aws.session import AwsSession

DATASET = "spotify"
LOADS = "_dlt_loads"
STATES = "_dlt_pipeline_state"


class Lake:
    """`<url>/spotify/<table>/load_month=YYYY-MM/<load_id>.<n>.parquet`, in a folder or on S3.

    `aws` makes every connection of the run to AWS, so that all are counted and guarded alike. The lake's connections
    stay open until `close`.

    The whole lake is listed once and the list kept: on S3 every listing is paid for. Whatever is written or removed
    through this object is written down in it; after anybody else (dlt) wrote, call `look_again`.
    """

    def __init__(self, url: str, region: str = "") -> None:
        self.url = url
        self.aws = AwsSession(region)
        options: dict[str, Any] = {}
        if url.startswith("s3://"):
            # A listings cache would not show what dlt wrote. With concurrency inside a file, s3fs asks for the size of
            # each file before it reads the file.
            options = {"use_listings_cache": False, "max_concurrency": 1} | self.aws.s3fs_options
        self.fs, self.root = fsspec.core.url_to_fs(url, **options)
        self.dataset = f"{self.root}/{DATASET}"
        self._paths: dict[str, int] | None = None

    def close(self) -> None:
        self.aws.close()

    @property
    def is_local(self) -> bool:
        return isinstance(self.fs, LocalFileSystem)

    @property
    def paths(self) -> dict[str, int]:
        """Every file below the dataset, with its bytes."""
        if self._paths is None:
            found = self.fs.find(self.dataset, detail=True)
            self._paths = {path: facts["size"] for path, facts in found.items()}
        return self._paths

    def look_again(self) -> None:
        self._paths = None

    def files(self, table: str) -> list[str]:
        """Every Parquet file of a table, in path order."""
        return self._found(table, (".parquet",))

    def records(self, kind: str) -> list[str]:
        """dlt's own JSON lines of one kind; those that were folded are compressed."""
        return self._found(kind, (".jsonl", ".jsonl.gz"))

    def _found(self, folder: str, endings: tuple[str, ...]) -> list[str]:
        folder = f"{self.dataset}/{folder}/"
        return sorted(path for path in self.paths if path.startswith(folder) and path.endswith(endings))

    def completed(self) -> set[str]:
        """Ids of the loads whose every row had arrived; only their rows are valid (dlt #4052)."""
        return completed_in(self.texts(self.records(LOADS)).values())

    def texts(self, paths: Sequence[str]) -> dict[str, str]:
        """Contents by path; on S3 all are asked for at once."""
        return {path: _plain(path, content) for path, content in self.contents(paths).items()}

    def contents(self, paths: Sequence[str]) -> dict[str, bytes]:
        if not self.is_local:
            return dict(self.fs.cat(list(paths), recursive=False)) if paths else {}
        return {path: Path(path).read_bytes() for path in paths}

    def within_reach(self, paths: Sequence[str], folder: Path) -> list[str]:
        """The files as local ones: themselves, or copies in the folder. A small file is read whole with one request,
        by parts with three.
        """
        if self.is_local:
            return list(paths)
        copies = []
        for path, content in self.contents(paths).items():
            copy = folder / path.removeprefix(self.root).strip("/").replace("/", "__")
            copy.write_bytes(content)
            copies.append(str(copy))
        return copies

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A small record at the lake's root; None when it is not there."""
        try:
            content: bytes = self.fs.cat_file(f"{self.root}/{name}")
        except FileNotFoundError as error:
            if code_of(error) == "NoSuchBucket":
                raise
            return None
        found: dict[str, Any] = json.loads(content)
        return found

    def write_json(self, name: str, record: dict[str, Any]) -> None:
        self.write(f"{self.root}/{name}", json.dumps(record, indent=1, ensure_ascii=False, default=str).encode())

    def remove_json(self, name: str) -> None:
        self.remove([f"{self.root}/{name}"])

    def remove(self, paths: Sequence[str]) -> None:
        """Files that may be gone already."""
        if not self.is_local:
            if paths:
                self.fs.rm(list(paths))
        else:
            for path in paths:
                Path(path).unlink(missing_ok=True)
        for path in paths:
            if self._paths:
                self._paths.pop(path, None)

    def write(self, path: str, content: bytes) -> None:
        """Put a file in place whole: a reader or a kill never meets half of it."""
        if not self.is_local:
            self.fs.pipe_file(path, content)  # a PUT is atomic
        else:
            self.fs.makedirs(self.fs._parent(path), exist_ok=True)
            new = f"{path}.new"
            self.fs.pipe_file(new, content)
            self.fs.mv(new, path)
        if self._paths is not None and path.startswith(f"{self.dataset}/"):
            self._paths[path] = len(content)


def _plain(path: str, content: bytes) -> str:
    return (gzip.decompress(content) if path.endswith(".gz") else content).decode("utf-8")


def code_of(error: BaseException) -> str:
    """S3's own word for what s3fs translated; empty for an error of another kind."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def json_lines(text: str) -> list[dict[str, Any]]:
    """One list from many lines; parsed as one array, which for years of load records is several times faster."""
    records: list[dict[str, Any]] = json.loads(f"[{','.join(line for line in text.splitlines() if line.strip())}]")
    return records


def completed_in(texts: Iterable[str]) -> set[str]:
    return {record["load_id"] for text in texts for record in json_lines(text) if record.get("status") == 0}
