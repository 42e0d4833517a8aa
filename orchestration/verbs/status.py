"""`make status`: account, scopes, age of the consent, locks, last run. Sends no request to Spotify."""

import shlex
from typing import Any

from orchestration.report.console import echo, relative_path
from orchestration.warehouses import warehouse
from pipelines.lake import manifest
from pipelines.lake.lock import holder
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import Settings
from pipelines.spotify.account import consented_at
from pipelines.spotify.auth import consent_ends_at
from pipelines.spotify.resources import SCOPES
from pipelines.spotify.token_store import token_store


def status(settings: Settings) -> int:
    """Print one line for each subject."""
    lake = Lake.of(settings)
    last = lake.read_json(manifest.LAST_RUN) or {}
    stored = {} if settings.is_demo else token_store(settings.token_file, settings.region).read()
    echo(f"account   {'the demo account' if settings.is_demo else last.get('account') or 'not read yet'}")
    echo(f"tokens    {_tokens(settings, bool(stored))}")
    echo(f"scopes    {_scopes(stored.get('scope', ''), settings.is_demo)}")
    echo(f"consent   {_consent(settings)}")
    echo(f"lake      {relative_path(settings.lake_url)}")
    is_unbuilt = settings.target == "dev" and not settings.duckdb_path.exists()
    echo(f"tables    {relative_path(str(warehouse.of(settings)))}{' (not built yet)' if is_unbuilt else ''}")
    echo(f"pipeline  {_pipeline(settings)}")
    echo(f"running   {holder(lake) or 'nothing'}")
    locks = {row["resource"]: row["not_before"] for row in last.get("resources", ()) if row.get("not_before")}
    echo(f"locks     {', '.join(f'{name} until {until} UTC' for name, until in locks.items()) or 'none'}")
    if failure := lake.read_json(manifest.LAST_FAILURE):
        echo(f"failed    `{failure['verb']}`, {failure['at']} UTC: {failure['message']}")
    _print_last_run(last, lake)
    return 0


def _print_last_run(last: dict[str, Any], lake: Lake) -> None:
    if not last:
        echo("last run  none")
        return
    echo(f"last run  `{last['verb']}`, {last['read_at']} UTC, exit code {last['exit_code']}")
    stopped = [row["resource"] for row in last.get("resources", ()) if row["outcome"] == "stopped"]
    if stopped:
        echo(f"          stopped: {', '.join(stopped)}")
    last_build = lake.read_json(manifest.LAST_BUILD) or {}
    if last_build:
        echo(f"last build  {last_build['read_at']} UTC, exit code {last_build['exit_code']}")
    for run in (last, last_build):
        if run.get("tests_failed"):
            echo(f"          tests failed: {', '.join(run['tests_failed'])}")
        for line in run.get("broken", ()):
            echo(f"          not built: {line}")


def _pipeline(settings: Settings) -> str:
    """The dlt command that shows the pipeline. The command needs the working folder on this machine."""
    if not (settings.working_dir / "spotify").exists():
        return "no load on this machine yet"
    # With `=`, because dlt's command line does not accept the folder as a separate word.
    folder = shlex.quote(relative_path(str(settings.working_dir)))
    return f"`.venv/bin/dlt pipeline --pipelines-dir={folder} spotify info`"


def _tokens(settings: Settings, is_stored: bool) -> str:
    if settings.is_demo:
        return "none needed"
    if settings.refresh_token:
        return "from SPOTIFY_REFRESH_TOKEN"
    return relative_path(str(settings.token_file)) if is_stored else "none: run `make login`"


def _scopes(granted: str, is_demo: bool) -> str:
    if is_demo:
        return "all"
    if not granted:
        return "known after the next run"
    missing = sorted(set(SCOPES) - set(granted.split()))
    return f"all but {', '.join(missing)}" if missing else "all"


def _consent(settings: Settings) -> str:
    moment = consented_at(settings)
    if settings.is_demo:
        return "none needed"
    if moment is None and not settings.refresh_token:
        return "none"
    if moment is None:
        return "date unknown; set SPOTIFY_CONSENTED_AT beside SPOTIFY_REFRESH_TOKEN"
    ends_at = consent_ends_at(moment)
    days = (ends_at - utc_now()).days
    end = f"ends {ends_at:%Y-%m-%d}, in {days} days" if days >= 0 else "over: `make login`"
    return f"given {moment:%Y-%m-%d}, {end}"
