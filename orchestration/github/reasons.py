"""Why a person is needed, in words that anybody may read: listings, tests, settings and times, never what was heard."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from orchestration.exit_codes import Exit
from orchestration.github.job import Job
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.settings import SETTINGS, Settings
from pipelines.spotify.account import consented_at
from pipelines.spotify.auth import consent_ends_at

LONG_LOCK = dt.timedelta(hours=12)
FAILED = "failed:"
LAKE, SETTING = "lake", "settings"
Records = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Reasons:
    """Text by key. A key that stays says the same thing again; `is_blind` when the lake could not be asked."""

    told: dict[str, str] = field(default_factory=dict)
    is_blind: bool = False

    def with_kept(self, kept: Iterable[str], job: Job) -> set[str]:
        """All keys that hold now: those told, and those of before that this job cannot judge."""
        unjudged = {key for key in kept if key.startswith(FAILED) and not _judges(job, key.removeprefix(FAILED))}
        if self.is_blind:
            unjudged |= {key for key in kept if not key.startswith(FAILED)} - {LAKE, SETTING}
        return set(self.told) | unjudged


def of_job(job: Job) -> dict[str, str]:
    """A failed step, or the job itself when it failed outside of them."""
    failed = [step for step, outcome in job.steps.items() if outcome == "failure"]
    if job.status == "failure" and not failed:
        return {f"{FAILED}job": "The job failed before it reached its work."}
    return {f"{FAILED}{step}": f"`make {step}` failed." for step in failed}


def _judges(job: Job, part: str) -> bool:
    if part == "job":
        return job.status in ("success", "failure")
    return job.steps.get(part) in ("success", "failure")


def of_settings(error: Exception) -> dict[str, str]:
    """The names alone: a value may be somebody's folder."""
    words = set(re.findall(r"[A-Z_]+", str(error)))
    names = [f"`{setting.name}`" for setting in SETTINGS if setting.name in words]
    return {SETTING: f"A setting is missing or malformed: {', '.join(names) or 'the log says which'}."}


def of_lake(settings: Settings, kept: Iterable[str]) -> Reasons:
    try:
        lake = Lake(settings.lake_url, settings.region)
        names = (manifest.LAST_RUN, manifest.LAST_BUILD, manifest.LAST_FAILURE)
        records = {name: lake.read_json(name) or {} for name in names}
    except Exception as error:
        # Whatever keeps the lake from being read, and every storage has errors of its own, is the reason itself.
        return Reasons({LAKE: f"The lake cannot be read ({type(error).__name__})."}, is_blind=True)
    return Reasons(_account(records, settings) | _locks(records, set(kept)) | _tests(records))


def _account(records: Records, settings: Settings) -> dict[str, str]:
    last = records[manifest.LAST_FAILURE] or records[manifest.LAST_RUN]
    code = last.get("exit_code")
    ends_at = _consent_ends_at(settings)
    if code == Exit.CONSENT_NEEDED or (ends_at and settings.now >= ends_at):
        return {"consent-ended": f"The consent has ended. {_login(settings)}"}
    reasons = {}
    if records[manifest.LAST_FAILURE] and code == Exit.CONFIGURATION:
        reasons["app"] = (
            "Spotify refuses the app: look at its page at developer.spotify.com (Premium of its owner, its users, "
            "its client id and secret)."
        )
    if ends_at:
        days = (ends_at - settings.now).days
        for limit in (7, 30):
            if days <= limit:
                said = f"The consent ends on {ends_at:%Y-%m-%d}. {_login(settings)}"
                return reasons | {f"consent-{limit}": said}
    return reasons


def _consent_ends_at(settings: Settings) -> dt.datetime | None:
    try:
        moment = consented_at(settings)
    except Exception:
        return None  # the token cannot be read: the step that needed it has failed, and says why in its log
    return consent_ends_at(moment) if moment else None


def _login(settings: Settings) -> str:
    if settings.refresh_token:
        return (
            "Run `make login` on your own machine, then set the secret `SPOTIFY_REFRESH_TOKEN` and the variable "
            "`SPOTIFY_CONSENTED_AT` again."
        )
    if not settings.is_token_in_aws:
        return "Run `make login` on your own machine."
    where = f"SPOTIFY_TOKEN_FILE={settings.token_file} AWS_REGION={settings.region}"
    return f"Run `make login {where}` on your own machine, with AWS credentials in the shell."


def _locks(records: Records, kept: set[str]) -> dict[str, str]:
    """Most locks are over before a person could do anything. One that was told stays until it is over."""
    last = records[manifest.LAST_RUN]
    found = {}
    for row in last.get("resources", ()):
        if row.get("not_before"):
            until = dt.datetime.fromisoformat(row["not_before"])
            key = f"locked:{row['listing']}"
            if until - dt.datetime.fromisoformat(last["read_at"]) >= LONG_LOCK or key in kept:
                found[key] = (
                    f"Spotify has locked `{row['listing']}` until {until:%Y-%m-%d %H:%M} UTC. It is asked again by "
                    "itself then. Does another program use the same app?"
                )
    return found


def _tests(records: Records) -> dict[str, str]:
    failed = (records[manifest.LAST_BUILD] or records[manifest.LAST_RUN]).get("tests_failed")
    if not failed:
        return {}
    names = ", ".join(f"`{line.partition(':')[0]}`" for line in failed)
    return {"tests": f"The data do not pass: {names}. The tables before the failed ones were built."}
