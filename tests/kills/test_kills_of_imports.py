"""An import killed before any file call, then run again, leaves the records that an unkilled import leaves."""

import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import duckdb
import pytest

from pipelines.lake.store import Lake
from tests.kills.loads import START, Loads, count_fitting
from tests.simulators.spotify.demo_server import DemoServer
from tests.streaming_history.exports import extended, music, zipped

WINDOWS = (
    r"/importing",
    r"os\.link .*/importing/.*\.parquet$",
    r"-> .*/normalize/extracted/",
    r"rename .*/load/new/.* -> .*/load/normalized/",
    r"open /lake/.*\.parquet$",
    r"_dlt_pipeline_state/",
    r"open /lake/streaming_history/_dlt_loads/",
    r"-> .*package_completed\.json$",
    r"streaming_history\.imported",
)
Held = dict[str, Counter[str]]


class Imports(Loads):
    """Loads that import what lies in `data/imports`, and read no account."""

    wishes: ClassVar[dict[str, Any]] = {"sources": ["streaming_history"]}


def held(loads: Loads) -> Held:
    """The rows of complete loads, each with the number of its copies."""
    dataset = Lake(loads.environment["LAKE_URL"]).dataset("streaming_history")
    found: Held = {}
    for table in ("streams", "one_year_streams", "import_files", "covered_spans"):
        rows = duckdb.execute(
            "select * exclude (_dlt_id, _dlt_load_id, read_at) "
            "from read_parquet($1, union_by_name = true, hive_partitioning = false) "
            "where list_contains($2, _dlt_load_id)",
            [dataset.files(table), sorted(dataset.completed())],
        ).fetchall()
        found[table] = Counter(map(repr, rows))
    return found


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imports]:
    """A folder with an export that waits, and no lake."""
    with DemoServer(size=1, playlists=0) as demo_server:
        loads = Imports(tmp_path_factory.mktemp("kills"), demo_server)
        contents = {
            "Streaming_History_Audio_2024.json": [extended(n) for n in range(40)] + [extended(3)],
            "StreamingHistory_music_0.json": [music(n) for n in range(30)],
        }
        (loads.data / "imports").mkdir()
        zipped(loads.data / "imports" / "my_spotify_data.zip", contents)
        loads.save("start")
        yield loads
        loads.stop()


def test_an_import_killed_before_any_chosen_file_call_is_finished_by_the_next(imports: Imports) -> None:
    done = imports.load(START)
    assert done["exit"] == 0
    rows = held(imports)
    assert [sum(found.values()) for found in rows.values()] == [40, 30, 2, 2]
    ends = {(window, nth) for window in WINDOWS for nth in (0, count_fitting(window, done["calls"]) - 1)}
    wrong = []
    for name, points in imports.save_kills(START, ends).items():
        imports.restore(name)
        again = imports.load(START)
        if again["exit"] or held(imports) != rows or list(imports.data.rglob("importing")):
            wrong.append(f"killed before {points}: exit {again['exit']}, {held(imports)}")
    assert not wrong, "\n".join(wrong)


def test_a_pending_import_is_finished_although_its_archive_is_gone(imports: Imports) -> None:
    imports.restore("start")
    assert imports.load(START)["exit"] == 0
    rows = held(imports)
    imports.kill(START, r"open /lake/.*\.parquet$", 0)
    shutil.rmtree(imports.data / "imports")
    assert imports.load(START)["exit"] == 0
    assert held(imports) == rows
