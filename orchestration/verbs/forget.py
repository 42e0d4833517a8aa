"""`make forget`: deletes all that this clone wrote about a person: lakes, tables, working files, tokens, logs."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from orchestration import personal_files, places
from orchestration.exit_codes import Exit
from orchestration.personal_files import Found
from orchestration.report.console import echo, relative_path
from pipelines.aws.errors import refusal
from pipelines.lake.lock import held
from pipelines.lake.store import Lake
from pipelines.settings import Settings


@dataclass
class _Search:
    """What was found, by name; the settings of the runs that wrote it; the places that AWS refused to show; and
    what this program did not make."""

    found: dict[str, Found] = field(default_factory=dict)
    runs: list[Settings] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    strange: dict[str, None] = field(default_factory=dict)


def forget(settings: Settings, yes: bool = False) -> int:
    """List what runs with these and all earlier settings wrote, and delete it, after a question unless `yes`.

    Files that no run writes stay. Raises Busy when a run holds one of the lakes; then nothing is deleted.
    """
    search = _search(settings)
    if search.found:
        echo("to delete:")
    for each in search.found.values():
        echo(f"  {relative_path(each.what)}")
    for note in [*search.refused, *search.strange, *personal_files.left_to_the_user(settings)]:
        echo(f"not deleted: {note}")
    if not search.found:
        echo("there is nothing to delete")
        return Exit.AWS_REFUSED if search.refused else Exit.OK
    if not yes and not (sys.stdin.isatty() and input("Type yes to delete all of it: ").strip() == "yes"):
        echo("nothing was deleted; to confirm without a terminal: make forget ARGS=--yes")
        return Exit.USAGE
    _delete(search)
    for path in personal_files.others_in_data():
        echo(f"not deleted, because no run writes it: {relative_path(str(path))}")
    echo("deleted; to end the consent at Spotify too, open spotify.com/account/apps")
    return Exit.AWS_REFUSED if search.refused else Exit.OK


def _search(settings: Settings) -> _Search:
    """Look in the places of this command, of a run without settings, and of all earlier runs."""
    search = _Search()
    chosen = [places.of(settings), places.default("data"), places.default("data/demo"), *places.known()]
    for run in (places.settings_at(each, settings) for each in dict.fromkeys(chosen)):
        try:
            search.found |= {each.what: each for each in personal_files.of_run(run)}
            search.runs.append(run)
            search.strange |= dict.fromkeys(personal_files.not_recognised(run))
        except Exception as error:
            refused = refusal(error, run.lake_url, run.region)
            if not search.runs or not refused:  # the places of this command come first
                raise
            search.refused.append(f"{run.lake_url}, tokens in {run.token_file}: {refused}")
    # The register is needed again as long as a place cannot be reached.
    search.found |= {each.what: each for each in personal_files.beside_runs(keep_register=bool(search.refused))}
    return search


def _delete(search: _Search) -> None:
    lakes = {run.lake_url: run for run in search.runs}
    with ExitStack() as locks:
        for run in lakes.values():
            lake = Lake.of(run)
            # The lock would make the folder of a lake that does not exist.
            if not lake.is_local or Path(lake.root).is_dir():
                locks.enter_context(held(lake, run.working_dir, "forget"))
        for each in search.found.values():
            each.delete()
    for run in search.runs:
        personal_files.remove_empty_folders(run)
