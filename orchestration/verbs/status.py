"""`make status`: account, scopes, age of the consent, locks, last run. Asks Spotify nothing."""

import datetime as dt

from orchestration.report.summary import near, say
from orchestration.warehouses import warehouse
from pipelines import settings as values
from pipelines.lake import manifest as record
from pipelines.lake.lock import holder
from pipelines.lake.store import Lake
from pipelines.settings import Settings
from pipelines.spotify import token_store as token_file
from pipelines.spotify.account import consented_at
from pipelines.spotify.auth import consent_ends_at
from pipelines.spotify.resources import SCOPES


def status(settings: Settings) -> int:
    values.export(settings)
    lake = Lake(settings.lake_url)
    last = lake.read_json(record.LAST_RUN) or {}
    kept = {} if settings.is_invented else token_file.read(settings.token_file)
    say(f"account   {'the invented listener' if settings.is_invented else last.get('account') or 'not read yet'}")
    say(f"tokens    {_tokens(settings, bool(kept))}")
    say(f"scopes    {_scopes(kept.get('scope', ''), settings.is_invented)}")
    say(f"consent   {_consent(settings)}")
    say(f"lake      {near(settings.lake_url)}")
    unbuilt = settings.target == "dev" and not settings.duckdb_path.exists()
    say(f"tables    {near(str(warehouse.of(settings)))}{' (not built yet)' if unbuilt else ''}")
    say(f"running   {holder(lake) or 'nothing'}")
    locks = {row["listing"]: row["not_before"] for row in last.get("listings", ()) if row.get("not_before")}
    say(f"locks     {', '.join(f'{name} until {until} UTC' for name, until in locks.items()) or 'none'}")
    if failure := lake.read_json(record.LAST_FAILURE):
        say(f"failed    `{failure['verb']}`, {failure['at']} UTC: {failure['message']}")
    if not last:
        say("last run  none")
        return 0
    stopped = [row["listing"] for row in last.get("listings", ()) if row["outcome"] == "stopped"]
    say(f"last run  `{last['verb']}`, {last['read_at']} UTC, exit code {last['exit_code']}")
    if stopped:
        say(f"          stopped: {', '.join(stopped)}")
    for run in (last, lake.read_json(record.LAST_BUILD) or {}):
        if run.get("tests_failed"):
            say(f"          tests failed: {', '.join(run['tests_failed'])}")
    return 0


def _tokens(settings: Settings, is_kept: bool) -> str:
    if settings.is_invented:
        return "none needed"
    if settings.refresh_token:
        return "from SPOTIFY_REFRESH_TOKEN"
    return near(str(settings.token_file)) if is_kept else "none: run `make login`"


def _scopes(granted: str, is_invented: bool) -> str:
    if is_invented:
        return "all"
    if not granted:
        return "known after the next run"
    missing = sorted(set(SCOPES) - set(granted.split()))
    return f"all but {', '.join(missing)}" if missing else "all"


def _consent(settings: Settings) -> str:
    moment = consented_at(settings)
    if settings.is_invented:
        return "none needed"
    if moment is None and not settings.refresh_token:
        return "none"
    if moment is None:
        return "no date known; set SPOTIFY_CONSENTED_AT beside SPOTIFY_REFRESH_TOKEN"
    ends_at = consent_ends_at(moment)
    days = (ends_at - dt.datetime.now(dt.UTC).replace(tzinfo=None)).days
    return (
        f"given {moment:%Y-%m-%d}, {f'ends {ends_at:%Y-%m-%d}, in {days} days' if days >= 0 else 'over: `make login`'}"
    )
