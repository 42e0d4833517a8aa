"""`make scheduled`: runs a verb for cron, systemd or launchd, and tells the listener when a person is needed.

The verb runs in a process of its own, so that a run that is killed or that never starts is noticed too.
"""

import subprocess
import sys
import time
from pathlib import Path

from orchestration.exit_codes import Exit
from orchestration.github import reasons
from orchestration.github.job import Job
from orchestration.github.reasons import Reasons
from orchestration.notices import told
from orchestration.notices.channels import NotDelivered, deliver
from orchestration.warehouses.dbt import WrongArguments
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import as_text, utc_now
from pipelines.settings import ROOT, BadSetting, Settings, load_settings, one_setting

VERBS = ("extract", "build", "elt")
# These need nobody: a resource that stopped once, a person who pressed Ctrl-C.
HARMLESS = (Exit.OK, Exit.RESOURCES_STOPPED, Exit.INTERRUPTED)
LARGEST_LOG = 1_000_000
# A build that is under way would cost the hourly read: it is tried again, which most builds do not outlast.
TIMES_AGAIN, PAUSE_S = 3, 60


def scheduled(arguments: tuple[str, ...] = ()) -> int:
    """Run the verb, write its output to a log, and tell the listener what needs a person.

    Returns 0 when the listener knows or needs to know nothing, so that cron and systemd do not report the same failure
    every hour. Returns the exit code of the verb when nobody could be told.
    """
    if not arguments or arguments[0] not in VERBS:
        raise WrongArguments(f"name a verb: make scheduled ARGS={'|'.join(VERBS)}")
    settings, wrong = _settings()
    folder = (settings.work_dir if settings else ROOT / "data") / "scheduled"
    folder.mkdir(parents=True, exist_ok=True)
    code, last_line = run(arguments, folder / "scheduled.log")
    for _ in range(TIMES_AGAIN):
        if code != Exit.BUSY:
            break
        time.sleep(PAUSE_S)
        code, last_line = run(arguments, folder / "scheduled.log")
    kept = told.read(folder / "told.json")
    now = utc_now()
    notice = told.notice(kept, _current(arguments[0], code, last_line, settings, wrong, kept), now)
    found, answer = notice.reasons, int(Exit.OK)
    if notice.due or notice.over:
        try:
            deliver(notice.message, code, settings.on_failure if settings else one_setting("ON_FAILURE"))
            found = notice.told(now)
        except NotDelivered as reason:
            # cron sends what is printed by mail, if it can.
            answer = code if code >= 0 else int(Exit.BROKEN)
            print(f"{notice.message}\nnot sent, and tried again at the next run: {reason}", file=sys.stderr)
    told.write(folder / "told.json", found)
    return answer


def run(arguments: tuple[str, ...], log: Path) -> tuple[int, str]:
    """Run the verb with its output in the log. Returns its exit code and the last line that it wrote to stderr.

    The log never grows beyond two files of a megabyte and one run each.
    """
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
    command = [sys.executable, "-m", "orchestration", *arguments]
    with log.open("ab") as file:
        file.write(f"\n{as_text(utc_now())}  {' '.join(arguments)}\n".encode())
        file.flush()
        done = subprocess.run(command, cwd=ROOT, stdout=file, stderr=subprocess.PIPE, check=False)
        file.write(done.stderr + f"exit code {done.returncode}\n".encode())
    lines = done.stderr.decode(errors="replace").split("\n")
    return done.returncode, next((line.strip() for line in reversed(lines) if line.strip()), "")


def _settings() -> tuple[Settings | None, BadSetting | None]:
    try:
        return load_settings(), None
    except BadSetting as error:
        return None, error


def _current(
    verb: str,
    code: int,
    last_line: str,
    settings: Settings | None,
    wrong: BadSetting | None,
    kept: dict[str, told.Reason],
) -> dict[str, str]:
    """The reasons that hold now, text by key: of this run, of the lake, and earlier ones that this run cannot judge."""
    has_failed = code not in HARMLESS
    # A run that did not do its work says nothing about an earlier failure.
    outcome = "cancelled" if code in (Exit.BUSY, Exit.INTERRUPTED) else "failure" if has_failed else "success"
    job = Job.of({"STEPS": f"{verb}={outcome}", "JOB_STATUS": "success"})
    if settings:
        found = reasons.of_lake(settings, kept)
        found = Reasons(found.texts | _stopped(settings, found), found.is_lake_unread)
    else:
        assert wrong
        found = Reasons({reasons.SETTING: str(wrong)}, is_lake_unread=True)
    texts = dict(found.texts)
    if has_failed and not wrong:
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        key = f"busy:{verb}" if code == Exit.BUSY else f"{reasons.FAILED}{verb}"
        texts[key] = f"`make {verb}` {ended}: {last_line or 'the log says why'}"
    found = Reasons(texts, found.is_lake_unread)
    earlier = {key: reason.text for key, reason in kept.items()}
    keys = sorted(found.current(earlier, job), key=lambda key: (not key.startswith(reasons.FAILED), key))
    return {key: texts.get(key) or earlier[key] for key in keys}


def _stopped(settings: Settings, found: Reasons) -> dict[str, str]:
    """The resources that stopped in the last run and that no other reason names."""
    if found.is_lake_unread:
        return {}
    last = Lake.of(settings).read_json(manifest.LAST_RUN) or {}
    return {
        f"stopped:{row['resource']}": f"`{row['resource']}` has not been read for days: {row['reason']}"
        for row in last.get("resources", ())
        if row["outcome"] == "stopped" and f"locked:{row['resource']}" not in found.texts
    }
