"""The exports of the demo account have the form of real ones."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.exports import private
from pipelines.demo.exports.export import ONE_YEAR, export
from pipelines.demo.exports.generations import GENERATIONS
from pipelines.demo.exports.records import heard
from pipelines.demo.world.clock import DAY, moment
from pipelines.demo.world.world import Options, World

KEYS = {"G1": 24, "G2": 21, "G3": 21, "G4": 19, "G5": 23, "G6": 23}
NOW = moment("2022-10-25T00:00:00Z")
"""Ten days after the meaning of `ts` changed."""
START = NOW - 20 * DAY


@pytest.fixture(scope="module")
def world() -> World:
    return World(Options(NOW))


@pytest.fixture(scope="module")
def archives(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    return {name: export(world, folder, name, START, NOW) for name in (*GENERATIONS, ONE_YEAR)}


def records(archive: Path, kind: str = "") -> list[dict[str, Any]]:
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if name.endswith(".json") and kind in name]
        return [record for name in names for record in json.loads(opened.read(name))]


@pytest.mark.parametrize("name", GENERATIONS)
def test_each_generation_has_all_plays_and_its_own_keys(name: str, world: World, archives: dict[str, Path]) -> None:
    found = records(archives[name])
    assert {tuple(record) for record in found} == {GENERATIONS[name].keys}
    assert len(GENERATIONS[name].keys) == KEYS[name]
    once = {json.dumps(record | {"user_agent_decrypted": None}) for record in found}
    assert len(once) == len(list(heard(world, START, NOW)))
    assert (len(found) > len(once)) == GENERATIONS[name].has_repeats


@pytest.mark.parametrize("name", [*GENERATIONS, ONE_YEAR])
def test_an_archive_is_built_as_spotify_builds_it(name: str, archives: dict[str, Path]) -> None:
    with zipfile.ZipFile(archives[name]) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
        assert archive.read(entries[-1]) == b"placeholder"
    assert entries[-1].filename in ("MyData/", "Spotify Extended Streaming History/", "Spotify Account Data/")
    assert all(entry.flag_bits & 0x08 and entry.create_system == 0 for entry in entries)
    assert {entry.filename.partition("/")[0] for entry in entries} == {entries[-1].filename.rstrip("/")}


def test_starts_are_milliseconds_then_seconds_and_newer_exports_lack_the_old_ones(archives: dict[str, Path]) -> None:
    for name, digits in (("G3", {13, 10}), ("G6", {10, None})):
        starts = [record["offline_timestamp"] for record in records(archives[name])]
        assert {start and len(str(start)) for start in starts} == digits
    assert {record["skipped"] for record in records(archives["G3"])} == {True, False, None}
    assert {record["skipped"] for record in records(archives["G6"])} == {True, False}


def test_offline_plays_that_were_uploaded_together_share_their_ts_until_october_2022(
    archives: dict[str, Path],
) -> None:
    found = [record for record in records(archives["G3"]) if record["offline"]]
    old = [record["ts"] for record in found if record["ts"] < "2022-10-14"]
    assert max(old.count(ts) for ts in old) >= 3


def test_the_one_year_file_lacks_some_plays_and_begins_with_a_stray_record(
    world: World, archives: dict[str, Path]
) -> None:
    found = records(archives[ONE_YEAR], "StreamingHistory_")
    plays = list(heard(world, START, NOW))
    assert 0.9 * len(plays) < len(found) < 0.97 * len(plays)
    first, second = sorted(record["endTime"] for record in records(archives[ONE_YEAR], "music"))[:2]
    assert (first[:7], second[:10]) == ("2022-07", "2022-10-04"), "the second was paused over night"
    assert len({tuple(record.values()) for record in found}) == len(found)


def test_every_private_text_is_in_some_export(archives: dict[str, Path]) -> None:
    everything = b""
    for path in archives.values():
        with zipfile.ZipFile(path) as archive:
            everything += b"".join(archive.read(name) for name in archive.namelist())
    assert [word for word in private.WORDS if word.encode() not in everything] == []


def test_the_command_writes_the_archive_and_prints_its_path(tmp_path: Path) -> None:
    given = ["export", str(tmp_path), "--generation", "G5", "--from", "2026-10-30", "--until", "2026-11-01"]
    done = subprocess.run([sys.executable, "-m", "pipelines.demo", *given], capture_output=True, text=True, check=True)
    archive = Path(done.stdout.strip())
    assert archive == tmp_path / "my_spotify_data_G5.zip"
    assert {record["ts"][:10] for record in records(archive)} == {"2026-10-30", "2026-10-31"}
