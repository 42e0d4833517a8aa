"""A listener's sources: polls at some moments, and exports of some spans. Their lake is built by the real project."""

import datetime as dt
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestration.warehouses import dbt
from pipelines.demo.exports import one_year
from pipelines.demo.exports.export import ONE_YEAR, export
from pipelines.demo.exports.generations import GENERATIONS
from pipelines.demo.exports.records import heard
from pipelines.demo.world.play import Play
from pipelines.demo.world.world import World
from pipelines.load import load
from pipelines.settings import Settings, load_settings
from pipelines.streaming_history.archive import archives
from pipelines.streaming_history.imports import Report
from pipelines.streaming_history.lake_source import importing
from tests.transform.conftest import Warehouse
from tests.transform.lake import Lake
from tests.truth.compare import EPOCH, QUESTION, Comparison, Row, compare, rows_of
from tests.truth.polls import Polls
from tests.truth.shown import shown
from tests.truth.told import Told


@dataclass(frozen=True)
class Exported:
    """An export of the plays between two moments."""

    generation: str
    start: int
    until: int


def build_plays(warehouse: Warehouse, lake: Lake | Path) -> None:
    """Build the plays, the gaps, and the models that they are made of. Every data test of these has to pass."""
    wanted = ("--select", "+fct_plays", "+fct_play_gaps", "--indirect-selection", "cautious")
    done = dbt.build(warehouse.project(lake), wanted)
    assert (done.failed, done.broken) == ((), ()), done


class Case:
    """One lake of one listener. `folder` gets the lake and the archives."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.lake = Lake(folder / "lake")
        self.polls = Polls(world)
        self.moments: list[int] = []
        self.exported: list[Exported] = []
        self.reports: list[Report] = []
        self.loads = 0

    @property
    def settings(self) -> Settings:
        given = {"LAKE_URL": str(self.lake.folder), "WORK_DIR": str(self.folder / "work")}
        now = dt.datetime(2026, 11, 3) + dt.timedelta(hours=len(self.exported))
        return load_settings(given, self.folder).model_copy(update={"now": now})

    def poll(self, moments: Iterable[int]) -> None:
        """Poll recently played, and write what was read as one load."""
        asked = list(moments)
        self.moments += asked
        self.polls.rows.clear()
        self.polls.poll(asked)
        self.loads += 1
        rows: dict[str, Any] = dict(self.polls.rows)
        self.lake.load(self.loads, **rows)

    def archive(self, exported: Exported) -> Path:
        folder = self.folder / f"{exported.generation} {exported.start}"
        return export(self.world, folder, exported.generation, exported.start, exported.until)

    def add(self, *exports: Exported) -> None:
        """Import exports, all at once."""
        found, _ = archives([self.archive(each) for each in exports])
        if not self.exported:
            shutil.rmtree(self.lake.folder / "streaming_history")  # dlt makes it
        load(self.settings, sources=[importing(found, False, self.reports)])
        self.exported += exports

    def told(self, polled: Iterable[Play] = ()) -> list[Told]:
        """Every play that a source tells of. `polled` are the plays of the polls; by default those that they showed."""
        in_polls = {play.ended_at: play for play in (polled or shown(self.world, self.moments))}
        found = {ended_at: Told(play, is_polled=True) for ended_at, play in in_polls.items()}
        for each in self.exported:
            if each.generation == ONE_YEAR:
                for play in one_year.plays(self.world, each.start, each.until):
                    known = found.get(play.ended_at, Told(play))
                    found[play.ended_at] = replace(known, is_in_one_year=True)
                continue
            for play in heard(self.world, each.start, each.until):
                known = found.get(play.ended_at, Told(play))
                generations = (*known.generations, GENERATIONS[each.generation])
                found[play.ended_at] = replace(known, generations=generations)
        return list(found.values())

    def compare(self, warehouse: Warehouse, polled: Iterable[Play] = ()) -> Comparison:
        """Compare the marts that `warehouse` built with what happened."""
        return compare(self.world, self.told(polled), self.rows(warehouse))

    def rows(self, warehouse: Warehouse) -> list[Row]:
        return rows_of(warehouse.rows(QUESTION))

    def outside_gaps(self, warehouse: Warehouse, lost: Iterable[Told]) -> list[Told]:
        """The lost plays that lie in no gap of fct_play_gaps."""
        gaps = warehouse.rows("select gap_from, gap_until from marts.fct_play_gaps")
        ends = [(each, EPOCH + dt.timedelta(milliseconds=each.play.ended_at)) for each in lost]
        return [each for each, ended_at in ends if not any(start < ended_at < until for start, until in gaps)]
