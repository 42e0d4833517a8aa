"""`make status`: the account, what is kept, how the last runs ended, what needs you. Sends no request to Spotify."""

import shlex
from typing import Any

import duckdb

from orchestration.exit_codes import Exit
from orchestration.follow import pace
from orchestration.follow.record import PollRecord
from orchestration.github import reasons
from orchestration.report import health
from orchestration.report.console import echo, relative_path
from orchestration.report.coverage import coverage_lines, length
from orchestration.report.plays_kept import PlaysKept, plays_kept
from orchestration.warehouses import warehouse
from pipelines.lake import manifest
from pipelines.lake.lock import holder
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text, utc_now
from pipelines.settings import Settings
from pipelines.spotify.account import consented_at
from pipelines.spotify.auth import consent_ends_at
from pipelines.spotify.resources import SCOPES
from pipelines.spotify.token_store import token_store

Record = dict[str, Any]


def status(settings: Settings, check: bool = False) -> int:
    """Print one line for each subject. With `check`, return 1 when no run has read the account for three hours."""
    lake = Lake.of(settings)
    last = lake.read_json(manifest.LAST_RUN) or {}
    last_build = manifest.last_build(lake, last)
    failure = lake.read_json(manifest.LAST_FAILURE)
    stored = {} if settings.is_demo else token_store(settings.token_file, settings.region).read()
    named = last.get("account") or stored.get("account")
    _line("account", _account(settings, named))
    _line("tokens", _tokens(settings, bool(stored)))
    if settings.has_account:
        _line("scopes", _scopes(stored.get("scope", ""), settings.is_demo))
    _line("consent", _consent(settings))
    _line("time zone", _zone(settings))
    _line("lake", relative_path(settings.lake_url))
    for label, text in _plays(lake, settings):
        _line(label, text)
    is_unbuilt = settings.target == "dev" and not settings.duckdb_path.exists()
    _line("tables", f"{relative_path(str(warehouse.of(settings)))}{' (not built yet)' if is_unbuilt else ''}")
    _line("pipeline", _pipeline(settings))
    _line("running", holder(lake) or "nothing")
    locks = {row["resource"]: row["not_before"] for row in last.get("resources", ()) if row.get("not_before")}
    _line("locks", ", ".join(f"{name} until {as_text(until)}" for name, until in locks.items()) or "none")
    if failure:
        _line("failed", f"`{failure['verb']}`, {as_text(failure['at'])}: {failure['message']}")
    _line("last run", _ended(last))
    _line("last build", _ended(last_build))
    if text := _polls(lake, settings):
        _line("polls", text)
    for warning in _warnings(settings, last, last_build):
        _line("warning", warning)
    found = health.problem(last, failure, last_build, None if settings.is_demo else settings.now) if check else ""
    if found:
        _line("unhealthy", found)
    return int(Exit.BROKEN if found else Exit.OK)


def _polls(lake: Lake, settings: Settings) -> str:
    """What `make follow` did last; empty when it never polled."""
    record = PollRecord.read(lake)
    if not record.polled_at:
        return ""
    calls = f"{record.calls_of_a_day(settings.now)} of {pace.MOST_CALLS} calls in 24 hours"
    reason = f"; {record.reason}" if record.reason else ""
    return f"the last one {as_text(record.polled_at)}, {calls}{reason}"


def _account(settings: Settings, named: str | None) -> str:
    if not settings.has_account:
        return "none: the plays come from exports; `make login` adds what you play from now on"
    return "the demo account" if settings.is_demo else named or "not read yet"


def _line(label: str, text: str) -> None:
    echo(f"{label:<11}{text}")


def _ended(record: Record) -> str:
    if not record:
        return "none"
    return f"`{record['verb']}`, {as_text(record['read_at'])}, exit code {record['exit_code']}"


def _plays(lake: Lake, settings: Settings) -> list[tuple[str, str]]:
    """How many plays are kept and since when, what is known of each day, and the gaps in which plays may be missing."""
    try:
        kept = plays_kept(lake)
    except duckdb.Error as error:
        return [("plays", f"the lake cannot be read ({str(error).splitlines()[0]})")]
    polled = f"{kept.count:,} from polls, since {as_text(kept.since)}" if kept.since else "none from polls yet"
    plays = ("plays", polled)
    if settings.target == "dev" and (lines := coverage_lines(settings.duckdb_path, kept.gaps, settings.is_demo)):
        return [plays, *lines]
    return [plays, ("gaps", _gaps(kept))] if kept.since else [plays]


def _gaps(kept: PlaysKept) -> str:
    """The gaps as the lake has them; the tables say which of them an export closed."""
    if not kept.longest:
        return "none known"
    last = " to ".join(map(as_text, kept.last or ()))
    return (
        f"{kept.gaps}, in which plays may be missing; the longest is {length(kept.longest)}, the last one from {last}"
    )


def _warnings(settings: Settings, last: Record, last_build: Record) -> list[str]:
    """What needs the listener, and what the last runs reported."""
    found = list(reasons.of_lake(settings, ()).texts.values())
    if last and not settings.is_demo and as_text(settings.now) < as_text(last["read_at"]):
        found.append(f"this machine's clock says {as_text(settings.now)}, which is before the last run: set the clock")
    found += [
        f"{row['resource']}: {row['outcome']}: {row['reason']}"
        for row in last.get("resources", ())
        if row["outcome"] == "stopped"
    ]
    # The first line about the consent is one of the reasons.
    found += [text for text in last.get("warnings", ()) if not text.startswith("the consent")]
    found += [f"not built: {text}" for text in last_build.get("broken", ())]
    found += [f"test failed: {text}" for text in last_build.get("tests_failed", ())]
    return list(dict.fromkeys([*found, *filter(None, [last_build.get("not_published")])]))


def _zone(settings: Settings) -> str:
    if "time_zone" in settings.model_fields_set:
        return settings.time_zone
    return f"{settings.time_zone}; set TIME_ZONE for days and hours of your own"


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
    return f"all but {', '.join(missing)}; `make login` asks again" if missing else "all"


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
    end = f"the next `make login` is due by {ends_at:%Y-%m-%d}, in {days} days" if days >= 0 else "over: `make login`"
    return f"given {moment:%Y-%m-%d}, {end}"
