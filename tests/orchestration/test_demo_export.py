"""`make demo-export` writes the plays up to the time of the demo account, so that no gap follows its export."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from orchestration.verbs.demo_export import demo_export
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.settings import load_settings

OWN_ACCOUNT = {"SPOTIFY_CLIENT_ID": "0" * 32, "SPOTIFY_REFRESH_TOKEN": "invented", "SPOTIFY_CONSENTED_AT": "2026-11-01"}


def last_play(folder: Path, environment: dict[str, str], last_run: str = "", options: tuple[str, ...] = ()) -> str:
    """The end of the newest play in the export that the verb writes for these settings."""
    settings = load_settings(environment, folder)
    if last_run:
        Lake.of(settings).write_json(manifest.LAST_RUN, {"read_at": last_run})
    assert demo_export(settings, ("--from", "2026-10-30", *options)) == 0
    with ZipFile(folder / "data" / "demo" / "imports" / "my_spotify_data_G6.zip") as archive:
        records = [each for name in archive.namelist() if "Audio" in name for each in json.loads(archive.read(name))]
    return max(str(record["ts"]) for record in records)


@pytest.mark.parametrize(
    ("environment", "last_run", "day"),
    [
        ({}, "", "2026-11-02"),
        ({}, "2026-11-04T08:00:00", "2026-11-04"),
        ({"DEMO_DAYS": "3"}, "", "2026-11-05"),
        (OWN_ACCOUNT, "2027-03-01T08:00:00", "2026-11-02"),
    ],
    ids=["a new clone", "after runs of later days", "a later day in the command", "with an own account"],
)
def test_the_export_reaches_to_the_time_of_the_demo_account(
    environment: dict[str, str], last_run: str, day: str, tmp_path: Path
) -> None:
    assert f"{day}T00:00:00Z" < last_play(tmp_path, environment, last_run) < f"{day}T08:00:00Z"


def test_an_end_on_the_command_line_wins(tmp_path: Path) -> None:
    until = ("--until", "2026-11-01T12:00:00Z")
    assert last_play(tmp_path, {}, "2026-11-04T08:00:00", until) < "2026-11-01T12:00:00Z"
