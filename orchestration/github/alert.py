"""`make alert`: keeps one issue open while a person is needed, and writes the job's summary."""

import json
import re
from dataclasses import dataclass

from orchestration.github import reasons
from orchestration.github.api import GitHub, IssuesOff
from orchestration.github.job import Job, current_job
from orchestration.github.reasons import Reasons
from orchestration.report.console import echo
from pipelines.settings import BadSetting, load_settings

LABEL = "spotify-elt"
TITLE = "spotify-elt needs a person"
# GitHub switches issues off in every fork.
NO_ISSUES = (
    "This repository has no issues, so no alert can be opened. To switch them on, type `gh repo edit --enable-issues`, "
    "or open Settings, General, Features."
)
# The reasons as JSON, in a comment that GitHub does not show. The next job compares its own reasons with them.
MARK = re.compile(r"<!-- spotify-elt (\{.*\}) -->")
BODY = """The scheduled workflow updates this issue, and closes it when nothing is wrong any more.

{lines}

<!-- spotify-elt {mark} -->"""


@dataclass(frozen=True)
class Issue:
    """The issue at GitHub. `texts` are the reasons that it lists, by key."""

    number: int
    is_open: bool
    texts: dict[str, str]


def alert() -> int:
    """Compare this job's reasons with those in the issue, and update the issue.

    Where issues are switched off, only the log and the summary of the job list the reasons. Raises GitHubRefused,
    BadSetting.
    """
    job = current_job().needed("make alert")
    github = GitHub(job)
    try:
        issue = _found(github)
        now = _now(job, issue.texts if issue else {})
        done = _update(github, issue, now, job)
    except IssuesOff:
        now, done = _now(job, {}), NO_ISSUES
        for text in now.values():
            echo(text)
    echo(done)
    if job.summary:
        _summarize(job, now, done)
    return 0


def _found(github: GitHub) -> Issue | None:
    """The newest issue that has the label and our mark. Other people may use the label too."""
    for issue in github.issues(LABEL):
        if mark := MARK.search(issue.get("body") or ""):
            return Issue(issue["number"], issue["state"] == "open", _parsed(mark[1]))
    return None


def _parsed(mark: str) -> dict[str, str]:
    try:
        return {str(key): str(text) for key, text in json.loads(mark).items()}
    except ValueError:
        return {}  # Somebody edited the issue, so every reason counts as new.


def _now(job: Job, earlier: dict[str, str]) -> dict[str, str]:
    """The reasons that hold now, text by key, sorted by key."""
    try:
        found = reasons.of_lake(load_settings(), earlier)
    except BadSetting as error:
        found = Reasons(reasons.of_settings(error), is_lake_unread=True)
    of_job = {key: f"{text} [Its log]({job.run_url}) says why." for key, text in reasons.of_job(job).items()}
    found = Reasons(found.texts | of_job, found.is_lake_unread)
    # A step that fails again keeps the link to the log of its first failure.
    texts = found.texts | {key: text for key, text in earlier.items() if key in of_job or key not in found.texts}
    return {key: texts[key] for key in sorted(found.current(earlier, job))}


def _update(github: GitHub, issue: Issue | None, now: dict[str, str], job: Job) -> str:
    """Change the issue if needed, and return a sentence about it.

    A comment sends mail to people, so there is one only when a reason comes or goes.
    """
    if issue is None:
        if not now:
            return "nothing is wrong; there is no issue"
        return f"opened issue {github.open_issue(TITLE, _body(now), LABEL)}"
    has_new_reason = bool(now.keys() - issue.texts.keys())
    # A person who closes the issue has read it. Only a new reason opens it again.
    is_worth_telling = issue.is_open or has_new_reason
    if now.keys() != issue.texts.keys() and is_worth_telling:
        github.comment(issue.number, _comment(issue.texts, now, job))
    is_open = bool(now) and is_worth_telling
    changes = {"body": _body(now)} if now != issue.texts else {}
    if is_open != issue.is_open:
        changes |= {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
    if not changes:
        return f"issue {issue.number} is unchanged"
    github.change_issue(issue.number, **changes)
    return f"issue {issue.number} is {'open' if is_open else 'closed'}"


def _body(now: dict[str, str]) -> str:
    lines = "\n".join(f"- {text}" for text in now.values()) or "Nothing is wrong."
    return BODY.format(lines=lines, mark=json.dumps(now))


def _comment(earlier: dict[str, str], now: dict[str, str], job: Job) -> str:
    """The new reasons; if there are none, the reasons that are over."""
    if not now:
        return f"Nothing is wrong any more ([run]({job.run_url}))."
    new = [f"- {text}" for key, text in now.items() if key not in earlier]
    over = [f"- Over: {text}" for key, text in earlier.items() if key not in now]
    return "\n".join(new or over)


def _summarize(job: Job, now: dict[str, str], done: str) -> None:
    """Append the outcome of the steps and the reasons to the summary that GitHub shows for the job."""
    assert job.summary
    steps = " · ".join(f"{step}: {outcome}" for step, outcome in job.steps.items() if outcome != "skipped")
    lines = [f"**{steps or job.status}**", "", *(f"- {text}" for text in now.values()), "", done]
    with job.summary.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
