"""Why a person is needed: each reason has a key and a text. The texts are public; none shows what was played."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from orchestration.exit_codes import Exit
from orchestration.github.job import Job
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text
from pipelines.settings import SETTINGS, Settings
from pipelines.spotify.account import consented_at
from pipelines.spotify.auth import consent_ends_at

LONG_LOCK = dt.timedelta(hours=12)
FAILED = "failed:"
LAKE, SETTING = "lake", "settings"
Records = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Reasons:
    """The reasons that this job found, text by key. `is_lake_unread` is true if the job could not read the lake."""

    texts: dict[str, str] = field(default_factory=dict)
    is_lake_unread: bool = False

    def current(self, earlier: Iterable[str], job: Job) -> set[str]:
        """The keys of this job's reasons, and of the earlier reasons that this job has no evidence about."""
        unknown = {key for key in earlier if key.startswith(FAILED) and not _ran(job, key.removeprefix(FAILED))}
        if self.is_lake_unread:
            unknown |= {key for key in earlier if not key.startswith(FAILED)} - {LAKE, SETTING}
        return set(self.texts) | unknown


def of_job(job: Job) -> dict[str, str]:
    """The steps that failed, or the job itself if it failed and none of these steps failed."""
    failed = [step for step, outcome in job.steps.items() if outcome == "failure"]
    if job.status == "failure" and not failed:
        return {f"{FAILED}job": "The job failed before its first step of work."}
    return {f"{FAILED}{step}": f"`make {step}` failed." for step in failed}


def _ran(job: Job, step: str) -> bool:
    """Whether the step ended, so that an earlier failure of this step is over or has occurred again."""
    outcome = job.status if step == "job" else job.steps.get(step)
    return outcome in ("success", "failure")


def of_settings(error: Exception) -> dict[str, str]:
    """The names of the wrong settings. Their values are left out, because a value may be private."""
    words = set(re.findall(r"[A-Z0-9_]+", str(error)))
    names = [f"`{setting.name}`" for setting in SETTINGS if setting.name in words]
    return {SETTING: f"A setting is missing or malformed: {', '.join(names) or 'the log names it'}."}


def of_lake(settings: Settings, earlier: Iterable[str]) -> Reasons:
    """The reasons in the records of the last runs. `earlier` are the keys that the issue holds."""
    try:
        records = _records(Lake.of(settings))
    except Exception as error:
        # Each kind of storage raises other errors. Any of them means that the lake cannot be read.
        return Reasons({LAKE: f"The lake cannot be read ({type(error).__name__})."}, is_lake_unread=True)
    return Reasons(_account(records, settings) | _locks(records, set(earlier)) | _tests(records))


def of_extract(lake: Lake, settings: Settings, earlier: Iterable[str]) -> dict[str, str]:
    """The reasons about account and resources alone. Reads the token, for the time of the consent."""
    records = _records(lake)
    return _account(records, settings) | _locks(records, set(earlier))


def of_build(lake: Lake) -> dict[str, str]:
    """The reasons about the tables alone. Reads no token."""
    return _tests(_records(lake))


def _records(lake: Lake) -> Records:
    names = (manifest.LAST_RUN, manifest.LAST_BUILD, manifest.LAST_FAILURE)
    return {name: lake.read_json(name) or {} for name in names}


def _account(records: Records, settings: Settings) -> dict[str, str]:
    """The end of the consent, 30 and 7 days before it and after it; an app that Spotify refuses."""
    last = records[manifest.LAST_FAILURE] or records[manifest.LAST_RUN]
    code = last.get("exit_code")
    ends_at = _consent_ends_at(settings)
    if code == Exit.CONSENT_NEEDED or (ends_at and settings.now >= ends_at):
        return {"consent-ended": f"The consent has ended. {_login(settings)}"}
    reasons = {}
    if records[manifest.LAST_FAILURE] and code == Exit.CONFIGURATION:
        reasons["app"] = f"{last['message']}."
    if ends_at:
        days = (ends_at - settings.now).days
        for limit in (7, 30):
            if days <= limit:
                text = f"The consent ends on {ends_at:%Y-%m-%d}. {_login(settings)}"
                return reasons | {f"consent-{limit}": text}
    return reasons


def _consent_ends_at(settings: Settings) -> dt.datetime | None:
    try:
        moment = consented_at(settings)
    except Exception:
        return None  # The tokens cannot be read. The step that needed them has failed, and its log says why.
    return consent_ends_at(moment) if moment else None


def _login(settings: Settings) -> str:
    """How to log in so that the scheduled runs get the new token."""
    if settings.refresh_token:
        return (
            "Run `make login` on your own machine, then set the secret `SPOTIFY_REFRESH_TOKEN` and the variable "
            "`SPOTIFY_CONSENTED_AT` again."
        )
    if not settings.is_token_in_aws:
        return "Run `make login` on your own machine."
    where = f"SPOTIFY_TOKEN_FILE={settings.token_file} AWS_REGION={settings.region}"
    return f"Run `make login {where}` on your own machine, with AWS credentials in the shell."


def _locks(records: Records, earlier: set[str]) -> dict[str, str]:
    """Rate-limit locks of 12 hours or more. A lock that the issue reports stays there until it is over."""
    last = records[manifest.LAST_RUN]
    found = {}
    for row in last.get("resources", ()):
        if row.get("not_before"):
            until = dt.datetime.fromisoformat(row["not_before"])
            key = f"locked:{row['resource']}"
            if until - dt.datetime.fromisoformat(last["read_at"]) >= LONG_LOCK or key in earlier:
                found[key] = (
                    f"Spotify has locked `{row['resource']}` until {as_text(until)}. The first run after "
                    "that reads it again. Does another program use the same app?"
                )
    return found


def _tests(records: Records) -> dict[str, str]:
    last = records[manifest.LAST_BUILD] or records[manifest.LAST_RUN]
    failed = last.get("tests_failed")
    if not failed:
        return {}
    names = ", ".join(f"`{line.partition(':')[0]}`" for line in failed)
    kept = (
        "The last good tables stay." if last.get("not_published") else "The tables before the failed ones were built."
    )
    return {"tests": f"The data failed tests: {names}. {kept}"}
