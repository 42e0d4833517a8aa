"""`make alert`: one issue that is open while a person is needed, and a job summary."""

import json
import re
from dataclasses import dataclass

from orchestration.github import reasons
from orchestration.github.api import GitHub
from orchestration.github.job import Job, current_job
from orchestration.github.reasons import Reasons
from orchestration.report.summary import echo
from pipelines.settings import BadSetting, load_settings

LABEL = "spotify-elt"
TITLE = "spotify-elt needs a person"
# What the issue says, for the next run to compare with; GitHub does not show it.
MARK = re.compile(r"<!-- spotify-elt (\{.*\}) -->")
BODY = """The scheduled workflow keeps this issue up to date, and closes it when all is well again.

{lines}

<!-- spotify-elt {mark} -->"""


@dataclass(frozen=True)
class Issue:
    """The one issue as it stands. `says` holds text by reason, as last told."""

    number: int
    is_open: bool
    says: dict[str, str]


def alert() -> int:
    """Compare what is wrong with what the issue says. Raises GitHubRefused, BadSetting."""
    job = current_job().needed("make alert")
    github = GitHub(job)
    issue = _found(github)
    said = issue.says if issue else {}
    now = _now(job, said)
    told = _tell(github, issue, now, job)
    echo(told)
    if job.summary:
        _summarize(job, now, told)
    return 0


def _found(github: GitHub) -> Issue | None:
    """The newest of the label that carries our mark; anybody may use the label."""
    for issue in github.issues(LABEL):
        if mark := MARK.search(issue.get("body") or ""):
            return Issue(issue["number"], issue["state"] == "open", _read(mark[1]))
    return None


def _read(mark: str) -> dict[str, str]:
    try:
        return {str(key): str(text) for key, text in json.loads(mark).items()}
    except ValueError:
        return {}  # somebody edited the issue: all is told anew


def _now(job: Job, said: dict[str, str]) -> dict[str, str]:
    """Text by reason: what holds now, in the order of its keys."""
    try:
        found = reasons.of_lake(load_settings(), said)
    except BadSetting as error:
        found = Reasons(reasons.of_settings(error), is_blind=True)
    of_job = {key: f"{text} [Its log]({job.run_url}) says why." for key, text in reasons.of_job(job).items()}
    found = Reasons(found.told | of_job, found.is_blind)
    # A failed step keeps the log that told it first.
    texts = found.told | {key: text for key, text in said.items() if key in of_job or key not in found.told}
    return {key: texts[key] for key in sorted(found.with_kept(said, job))}


def _tell(github: GitHub, issue: Issue | None, now: dict[str, str], job: Job) -> str:
    """Change the issue as little as is true, and comment, which sends mail, only when a reason comes or goes."""
    if issue is None:
        if not now:
            return "all is well; no issue"
        return f"opened issue {github.open_issue(TITLE, _body(now), LABEL)}"
    is_new = bool(now.keys() - issue.says.keys())
    # Somebody closed it: what they have seen is not told again.
    has_user_message = issue.is_open or is_new
    if now.keys() != issue.says.keys() and has_user_message:
        github.comment(issue.number, _change(issue.says, now, job))
    is_open = bool(now) and has_user_message
    changes = {"body": _body(now)} if now != issue.says else {}
    if is_open != issue.is_open:
        changes |= {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
    if not changes:
        return f"issue {issue.number} stays as it is"
    github.change_issue(issue.number, **changes)
    return f"issue {issue.number} is {'open' if is_open else 'closed'}"


def _body(now: dict[str, str]) -> str:
    lines = "\n".join(f"- {text}" for text in now.values()) or "All is well."
    return BODY.format(lines=lines, mark=json.dumps(now))


def _change(said: dict[str, str], now: dict[str, str], job: Job) -> str:
    if not now:
        return f"All is well again ([run]({job.run_url}))."
    new = [f"- {text}" for key, text in now.items() if key not in said]
    over = [f"- Over: {text}" for key, text in said.items() if key not in now]
    return "\n".join(new or over)


def _summarize(job: Job, now: dict[str, str], told: str) -> None:
    assert job.summary
    steps = " · ".join(f"{step}: {outcome}" for step, outcome in job.steps.items() if outcome != "skipped")
    lines = [f"**{steps or job.status}**", "", *(f"- {text}" for text in now.values()), "", f"{told}"]
    with job.summary.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
