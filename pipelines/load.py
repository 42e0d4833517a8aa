"""One load: put right what a kill left, finish what was begun, read what is new, keep the lake small."""

from collections.abc import Callable
from dataclasses import dataclass, field

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed
from dlt.pipeline.pipeline import Pipeline

from pipelines.lake import manifest
from pipelines.lake.compact import compact
from pipelines.lake.destination import lake_destination, project_context
from pipelines.lake.repair import repair_lake, repair_working_folder
from pipelines.lake.row_hashes import LakeRowHashes
from pipelines.lake.store import DATASET, Lake
from pipelines.raw.changes import ChangeFilter
from pipelines.settings import Settings
from pipelines.spotify.account import tokens_of
from pipelines.spotify.client import Spotify
from pipelines.spotify.errors import RunEnded
from pipelines.spotify.rows.objects import Json
from pipelines.spotify.source import spotify_into_lake
from pipelines.spotify.sync.reader import Report, Run
from pipelines.spotify.tables import TABLES


@dataclass
class LoadResult:
    """What one load did. `rows` are those appended, by table; `calls` are HTTP requests, by endpoint."""

    account: str = ""
    mode: str = ""
    reports: list[Report] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    token_calls: int = 0
    warnings: list[str] = field(default_factory=list)
    ended: RunEnded | None = None


@project_context()
def load(
    settings: Settings,
    full: bool = False,
    on_progress: Callable[[Report], None] = lambda report: None,
    on_wait: Callable[[str, float], None] = lambda endpoint, seconds: None,
    lake: Lake | None = None,
) -> LoadResult:
    """Read the account into the lake. The caller holds the lock of `lake`, whose connections are guarded by it.

    Raises RunEnded (nothing could be read), WrongLake, BadSetting.
    """
    lake = lake or Lake(settings.lake_url, settings.region)
    kept = manifest.open_manifest(lake)
    pipeline, completed = ready(settings, lake)
    tokens, warning = tokens_of(settings)
    api = Spotify(tokens, settings.api_url, settings.max_calls, on_wait)
    known = LakeRowHashes(lake, completed)
    loaded = LoadResult(warnings=[warning] if warning else [])

    def admit(profile: Json) -> None:
        manifest.bind_account(lake, kept, [profile[name] for name in ("id", "account_id") if profile.get(name)])
        loaded.account = profile.get("display_name") or profile["id"]
        loaded.mode = "extended-quota mode" if "followers" in profile else "development mode"

    run = Run(api, ChangeFilter(TABLES, known, settings.now), settings.now, full, on_progress, admit)
    try:
        info = pipeline.run(spotify_into_lake(run), loader_file_format="parquet")
        info.raise_on_failed_jobs()
    except PipelineStepFailed as error:
        found = cause(error)
        raise found from found.__cause__
    finally:
        known.close()
    lake.look_again()
    compact(lake, list(TABLES))
    loaded.rows = dict(run.changes.appended)
    loaded.reports, loaded.ended = run.reports, run.ended
    loaded.calls, loaded.token_calls = dict(api.calls), tokens.calls
    return loaded


def ready(settings: Settings, lake: Lake) -> tuple[Pipeline, set[str]]:
    """The pipeline with nothing half done, in its working folder or in the lake, and the ids of the complete loads."""
    repair_working_folder(settings.working_dir / "spotify")
    completed = repair_lake(lake)
    pipeline: Pipeline = dlt.pipeline(
        "spotify",
        pipelines_dir=str(settings.working_dir),
        destination=lake_destination(lake),
        dataset_name=DATASET,
    )
    if pipeline.has_pending_data:
        newest = max(completed, default="")
        packages = [*pipeline.list_extracted_load_packages(), *pipeline.list_normalized_load_packages()]
        if all(package < newest for package in packages):
            # Another machine has loaded since: what waits here is old, and its cursors are behind.
            pipeline.abort_packages()
        else:
            # Nothing came of it when dlt has found the lake empty: then it begins anew.
            if info := pipeline.run():
                info.raise_on_failed_jobs()
            lake.look_again()
            completed = lake.completed()
    return pipeline, completed


def cause(error: BaseException) -> BaseException:
    """The error that dlt's wrapping hides."""
    while error.__cause__ is not None and type(error).__module__.startswith("dlt."):
        error = error.__cause__
    return error
