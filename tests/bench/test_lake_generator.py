"""The generated lake equals the lake of real runs, with dlt, compaction and HTTP."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from dlt.common.storages import load_package
from dlt.common.versioned_state import decompress_state

from orchestration.run import extract
from pipelines.lake.store import Lake
from pipelines.settings import load_settings
from tests.bench.lake_generator import Hour, make
from tests.bench.subprocesses import ELT, measured, own_account
from tests.kills.load_times import load_times
from tests.simulators.spotify.demo_server import DemoServer

# Two nights and a day around the end of a month: both kinds of compaction, and the complete reads of a day.
START = dt.datetime(2026, 10, 30, 22)
HOURS = [
    Hour(now, now + dt.timedelta(seconds=7.25)) for now in (START + dt.timedelta(hours=hour) for hour in range(34))
]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same hours by `spotify-elt extract`; only its clocks are set."""
    folder = tmp_path_factory.mktemp("real")
    with pytest.MonkeyPatch.context() as patch, DemoServer(now=f"{START.isoformat()}Z") as demo_server:
        environment = own_account(folder, demo_server)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setenv("DLT_PROJECT_DIR", "")
        settings = load_settings(environment, folder)
        for hour in HOURS:
            demo_server.clock(now=f"{hour.now.isoformat()}Z")
            patch.setattr(load_package, "increasing_precise_time", load_times(float(hour.load_id)))
            assert extract(settings.model_copy(update={"now": hour.now})).exit_code == 0
    return folder / "lake"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    with DemoServer(now=f"{START.isoformat()}Z") as demo_server:
        measured([ELT, "extract"], own_account(folder / "once", demo_server))
    make(folder / "lake", HOURS, folder / "once" / "lake")
    return folder / "lake"


def test_each_folder_has_the_same_number_of_files(real: Path, generated: Path) -> None:
    def counts(lake: Path) -> Counter[str]:
        return Counter(str(file.parent.relative_to(lake)) for file in files(lake))

    assert counts(real) == counts(generated)
    assert any("load_month=2026-10" in folder for folder in counts(real))


def test_files_have_the_same_names_except_for_the_random_part_from_dlt(real: Path, generated: Path) -> None:
    def names(lake: Path) -> list[str]:
        return sorted(without_random_part(str(file.relative_to(lake))) for file in files(lake))

    assert names(real) == names(generated)


def test_each_table_has_the_same_columns(real: Path, generated: Path) -> None:
    def schemas(lake: Path) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for file in lake.rglob("*.parquet"):
            schema = pq.read_schema(file).remove_metadata()
            found.setdefault(file.parts[-3], set()).add(schema.to_string(show_field_metadata=False))
        return found

    assert schemas(real) == schemas(generated)
    assert all(len(one) == 1 for one in schemas(real).values())


def test_each_table_has_the_same_rows(real: Path, generated: Path) -> None:
    def rows(lake: Path) -> dict[str, list[Any]]:
        return {
            table.name: duckdb.execute(
                "select * exclude (_dlt_id) from read_parquet(?, hive_partitioning = false) order by all",
                [f"{table}/*/*.parquet"],
            ).fetchall()
            for table in (lake / "spotify").iterdir()
            if list(table.rglob("*.parquet"))
        }

    assert rows(real) == rows(generated)


def test_the_records_of_loads_are_the_same(real: Path, generated: Path) -> None:
    def records(lake: Path) -> list[Any]:
        return sorted_lines(lake, "_dlt_loads", lambda line: line | {"inserted_at": len(line.get("inserted_at", ""))})

    hours_with_two_loads = len(records(real)) - len(HOURS)
    assert 0 < hours_with_two_loads < len(HOURS)
    assert records(real) == records(generated)


def test_the_state_is_the_same(real: Path, generated: Path) -> None:
    def states(lake: Path) -> list[Any]:
        return sorted_lines(
            lake, "_dlt_pipeline_state", lambda line: [line["_dlt_load_id"], decompress_state(line["state"]), *line]
        )

    assert states(real) == states(generated)


def test_the_lakes_own_records_are_the_same(real: Path, generated: Path) -> None:
    def records(lake: Path) -> list[Any]:
        last = json.loads((lake / "last_run.json").read_text())
        kept = ("verb", "read_at", "resources", "rows_appended", "calls", "token_calls", "exit_code")
        return [json.loads((lake / "lake.json").read_text()), {name: last[name] for name in kept}, list(last)]

    assert records(real) == records(generated)


def files(lake: Path) -> list[Path]:
    return [file for file in lake.rglob("*") if file.is_file() and file.name != ".lock"]


def without_random_part(name: str) -> str:
    """The name of a file without its random part. The schema's file has a time in microseconds instead."""
    if name.endswith(".parquet") and "compacted" not in name:
        return f"{name.rsplit('.', 2)[0]}.parquet"
    return re.sub(r"(_dlt_version/\w+?__)[\d.]+", r"\1", name)


def sorted_lines(lake: Path, kind: str, shown: Callable[[dict[str, Any]], Any]) -> list[Any]:
    place = Lake(str(lake))
    lines = [
        line for text in place.texts(place.dataset("spotify").records(kind)).values() for line in text.splitlines()
    ]
    found = sorted(map(json.loads, lines), key=lambda line: str(line.get("_dlt_load_id", line.get("load_id"))))
    return [shown(line) for line in found]
