"""Where the lake is: its files, its own small records, which loads are complete."""

import json
from collections.abc import Iterable
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

DATASET = "spotify"
LOADS = "_dlt_loads"
STATES = "_dlt_pipeline_state"


class Lake:
    """A folder `<url>` with `<url>/spotify/<table>/load_month=YYYY-MM/<load_id>.<n>.parquet`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.fs, self.root = fsspec.core.url_to_fs(url)
        self.dataset = f"{self.root}/{DATASET}"

    @property
    def is_local(self) -> bool:
        return isinstance(self.fs, LocalFileSystem)

    def files(self, table: str) -> list[str]:
        """Every Parquet file of a table, in path order."""
        return self._found(f"{self.dataset}/{table}", ".parquet")

    def records(self, kind: str) -> list[str]:
        """dlt's own JSON lines of one kind."""
        return self._found(f"{self.dataset}/{kind}", ".jsonl")

    def _found(self, folder: str, ending: str) -> list[str]:
        return sorted(path for path in self.fs.find(folder) if path.endswith(ending))

    def completed(self) -> set[str]:
        """Ids of the loads whose every row had arrived; only their rows are valid (dlt #4052)."""
        return completed_in(self.read_text(path) for path in self.records(LOADS))

    def read_text(self, path: str) -> str:
        return bytes(self.fs.cat_file(path)).decode("utf-8")

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A small record at the lake's root; None when it is not there."""
        path = f"{self.root}/{name}"
        return json.loads(self.read_text(path)) if self.fs.exists(path) else None

    def write_json(self, name: str, record: dict[str, Any]) -> None:
        self.write(f"{self.root}/{name}", json.dumps(record, indent=1, ensure_ascii=False, default=str).encode())

    def remove(self, name: str) -> None:
        if self.fs.exists(f"{self.root}/{name}"):
            self.fs.rm_file(f"{self.root}/{name}")

    def write(self, path: str, content: bytes) -> None:
        """Put a file in place whole: a reader or a kill never meets half of it."""
        if not self.is_local:
            self.fs.pipe_file(path, content)  # a PUT is atomic
            return
        self.fs.makedirs(self.fs._parent(path), exist_ok=True)
        new = f"{path}.new"
        self.fs.pipe_file(new, content)
        self.fs.mv(new, path)


def json_lines(text: str) -> list[dict[str, Any]]:
    """One list from many lines; parsed as one array, which for years of load records is several times faster."""
    records: list[dict[str, Any]] = json.loads(f"[{','.join(line for line in text.splitlines() if line.strip())}]")
    return records


def completed_in(texts: Iterable[str]) -> set[str]:
    return {record["load_id"] for text in texts for record in json_lines(text) if record.get("status") == 0}
