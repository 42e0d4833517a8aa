"""What both functions do around their step: end in time, tell the listener what needs a person, report the counts.

An error of a function makes Lambda try twice more, and then put the event into the dead-letter queue, which an alarm
watches. So every step that did not pass raises its error.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from orchestration.exit_codes import Exit
from orchestration.github import reasons
from orchestration.notices import told
from orchestration.notices.channels import deliver
from orchestration.report.run_record import RunRecord
from orchestration.scheduled_steps import Name, StepBusy, StepFailed, step
from pipelines.lake import manifest
from pipelines.lake.store import Lake
from pipelines.raw.clock import utc_now
from pipelines.settings import Settings

# So long before Lambda would end the function, the step is stopped: enough to end its statements and its lease.
MARGIN_S = 20.0


def carried_out(name: Name, settings: Settings, lake: Lake, context: Any) -> RunRecord:
    """Run the step. When it fails, tell the listener. Raises StepFailed, StepBusy, NotDelivered."""
    try:
        with _ends_in_time(name, context):
            return step(name, settings)
    except StepBusy:
        raise  # Lambda tries again in a minute
    except StepFailed as failed:
        tell(name, settings, lake, failed)
        raise


def tell(name: Name, settings: Settings, lake: Lake, failed: StepFailed | None = None) -> None:
    """Send the listener what needs a person now and was not told yet, and what is over. Raises NotDelivered.

    These are the reasons of the alert issue. What was told is kept in the lake.
    """
    kept = told.parsed(lake.read_json(manifest.TOLD[name]))
    now = utc_now()
    notice = told.notice(kept, _reasons(name, settings, lake, kept, failed), now)
    found = notice.reasons
    if notice.due or notice.over:
        deliver(notice.message, failed.exit_code if failed else Exit.OK, settings.on_failure)
        found = notice.told(now)
    if found != kept:
        lake.write_json(manifest.TOLD[name], told.as_json(found))


def _reasons(
    name: Name, settings: Settings, lake: Lake, kept: dict[str, told.Reason], failed: StepFailed | None
) -> dict[str, str]:
    texts = reasons.of_build(lake) if name == "build" else reasons.of_extract(lake, settings, kept)
    if failed and not texts:
        return {f"tried:{name}": f"`make {name}` ended with exit code {failed.exit_code}: {failed}"}
    return texts


def counts(record: RunRecord) -> dict[str, Any]:
    """What the function returns, and Lambda may log: numbers only."""
    return {
        "exit_code": int(record.exit_code),
        "rows": sum(record.rows_appended.values()),
        "calls": sum(record.calls.values()),
        "models": record.models_built,
        "tests": record.tests_passed,
        "seconds": record.seconds,
    }


@contextmanager
def _ends_in_time(name: Name, context: Any) -> Iterator[None]:
    """Stop the step as Ctrl-C would, before Lambda kills the process and leaves the lake locked for ten minutes."""
    left = context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    if left <= 0:
        yield  # a limit shorter than the margin
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, left)
    try:
        yield
    except KeyboardInterrupt:
        raise StepFailed(
            f"`make {name}` was stopped after {left:.0f} s, before the time limit of the function; nothing is lost: "
            "the next run continues from here. If it happens again, raise lambda_timeout_s in terraform.tfvars",
            int(Exit.INTERRUPTED),
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
