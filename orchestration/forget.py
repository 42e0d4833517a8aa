"""`make forget`: delete what was read of an account: lake, tables, working folders, tokens."""

import shutil
import sys
from pathlib import Path

from orchestration.summary import near, say
from pipelines.lake import record
from pipelines.lake.lock import held
from pipelines.lake.place import Lake
from pipelines.load import working_folder
from pipelines.settings import Settings


def forget(settings: Settings, is_sure: bool) -> int:
    """Only what a run makes is deleted, not the folders it may share with other things."""
    lake = Lake(settings.lake_url)
    found = [
        *(
            Path(lake.root) / name
            for name in ("spotify", record.RECORD, record.LAST_RUN, record.LAST_BUILD, record.LAST_FAILURE)
        ),
        *(settings.duckdb_path.with_name(settings.duckdb_path.name + ending) for ending in ("", ".wal")),
        working_folder(settings),
        settings.data_dir / "dbt",
        settings.data_dir / "docs.html",
        *([] if settings.is_invented else [settings.token_file]),
    ]
    found = [path for path in found if path.exists()]
    if not found:
        say("there is nothing to delete")
        return 0
    say("to delete:")
    for path in found:
        say(f"  {near(str(path))}")
    if not is_sure and not (sys.stdin.isatty() and input("Type yes to delete all of it: ").strip() == "yes"):
        say("nothing was deleted; `spotify-elt forget --yes` does not ask")
        return 0
    with held(Path(lake.root), "forget"):
        for path in found:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    say("deleted; to end the consent too: spotify.com/account/apps")
    return 0
