"""The places where this clone wrote data of a person. `make forget` deletes them all, also those of other settings."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.settings import ROOT, Settings
from pipelines.settings.folders import is_writable

REGISTER = "data/places.jsonl"


@dataclass(frozen=True)
class Places:
    """Where one run keeps its data: settings of that run, with absolute paths."""

    lake_url: str
    duckdb_path: str
    work_dir: str
    token_file: str
    region: str = ""
    s3_endpoint_url: str = ""


def remember(settings: Settings) -> None:
    """Add the places of these settings to the register, before a run writes to them. The demo account is no person."""
    if settings.is_demo:
        return
    places, register = of(settings), ROOT / REGISTER
    if places in known():
        return
    if not is_writable(register.parent):
        return  # in a container that runs the code of another user, the settings of each run name its places
    register.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(register, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        # A line feed first, so that half a line, left by a power cut, does not spoil this line.
        file.write(f"\n{json.dumps(asdict(places))}\n".encode())
        file.flush()
        os.fsync(handle)


def known() -> list[Places]:
    """The places in the register. Lines that cannot be read are left out."""
    register = ROOT / REGISTER
    return list(_parsed(register.read_bytes())) if register.exists() else []


def _parsed(content: bytes) -> Iterator[Places]:
    for line in content.splitlines():
        try:
            yield Places(**json.loads(line))
        except (ValueError, TypeError):
            continue


def of(settings: Settings) -> Places:
    """The places of these settings."""
    return Places(
        settings.lake_url,
        str(settings.duckdb_path),
        str(settings.work_dir),
        settings.token_file,
        settings.region if settings.is_in_cloud else "",
        settings.s3_endpoint_url if settings.is_in_cloud else "",
    )


def settings_at(places: Places, settings: Settings) -> Settings:
    """The settings with these places."""
    paths = {"duckdb_path": Path(places.duckdb_path), "work_dir": Path(places.work_dir)}
    return settings.model_copy(update=asdict(places) | paths)


def default(folder: str) -> Places:
    """The places of a run without settings, in a folder of the project."""
    home = ROOT / folder
    return Places(str(home / "lake"), str(home / "spotify.duckdb"), str(home), str(home / "spotify_token.json"))
