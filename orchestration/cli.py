"""The verbs. Each ends with an exit code that says how it went, and an error with one clear message."""

import argparse
import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from pipelines import settings as values
from pipelines.settings import Settings

INTERRUPTED = 130
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_WRITABLE = (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.ENOENT)


def main() -> None:
    """Whatever dlt or dbt make of a Ctrl-C on their way out, it ends as one."""
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        code = call(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if interrupted:
        print("interrupted; nothing is lost: the next run goes on from here", file=sys.stderr, flush=True)
        sys.stdout.flush()
        # Not sys.exit: that waits for answers that are under way.
        os._exit(INTERRUPTED)
    sys.exit(code)


def call(arguments: list[str]) -> int:
    """Run one verb and give its exit code; nothing escapes as a traceback."""
    parser = argparse.ArgumentParser("spotify-elt", description="Your Spotify listening, as tables you own.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    promises = {name: promise for name, (promise, _) in VERBS.items()} | {ALERT: ALERT_HELP}
    for name, promise in promises.items():
        verb = verbs.add_parser(name, help=promise, description=promise)
        if name in ("elt", "extract"):
            verb.add_argument("--full", action="store_true", help="read every list whole, due or not")
        if name == "build":
            verb.epilog = "Other options go to `dbt build`, for instance --select fct_plays+"
        if name == "forget":
            verb.add_argument("--yes", action="store_true", help="do not ask")
    options, rest = parser.parse_known_args(arguments)
    options.dbt_arguments = rest
    if options.dbt_arguments and options.verb != "build":
        parser.error(f"unrecognized arguments: {' '.join(options.dbt_arguments)}")
    settings = None
    try:
        if options.verb == ALERT:
            return _notice()
        settings = values.load()
        return VERBS[options.verb][1](settings, options)
    except (Exception, KeyboardInterrupt) as error:
        return _told(error, settings)


def _told(error: BaseException, settings: Settings | None) -> int:
    from orchestration.exit_codes import Exit, exit_of, has_user_message
    from pipelines.aws.errors import refusal

    if settings and settings.is_in_cloud and exit_of(error) is Exit.BROKEN:
        error = refusal(error, settings.lake_url, settings.region) or error
    code = exit_of(error)
    if code is Exit.INTERRUPTED:
        return int(code)
    if has_user_message(error):
        message = str(error)
    elif (isinstance(error, OSError) and error.errno in DISK_FULL) or "No space left on device" in str(error):
        message = f"the disk is full: {error}; nothing is lost: free some room and run again"
    elif isinstance(error, OSError) and error.errno in NOT_WRITABLE:
        message = f"{error.filename} cannot be written: {error.strerror}"
    else:
        message = f"broken: {type(error).__name__}: {error}{_kept(error)}"
    print(message, file=sys.stderr)
    return int(code)


def _kept(error: BaseException) -> str:
    """Keep the traceback in a file for whoever mends it; it holds code lines, no values."""
    file = values.ROOT / "data" / "last_error.txt"
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return ""
    return f"\ndetails: {file.relative_to(values.ROOT)}"


def _notice() -> int:
    """A wrong setting is one of the things that it tells, so it reads them itself."""
    from orchestration.github.alert import alert

    return alert()


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.run import run

    return run(options.verb, settings, getattr(options, "full", False), tuple(options.dbt_arguments))


def _login(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.login import login

    return login(settings)


def _logout(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.login import logout

    return logout(settings)


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.status import status

    return status(settings)


def _docs(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.docs import docs

    return docs(settings)


def _forget(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.forget import forget

    return forget(settings, options.yes)


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.backup import restore

    return restore(settings)


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.backup import backup

    return backup(settings)


def _contract(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.verbs.contract import generate

    return generate(Path(values.ROOT))


ALERT, ALERT_HELP = "alert", "In a workflow: open or close the issue that says what needs a person."
VERBS: dict[str, tuple[str, Callable[[Settings, argparse.Namespace], int]]] = {
    "elt": ("Read the account, build and test the tables, print a summary.", _run),
    "extract": ("The first half: read what is new into the lake.", _run),
    "build": ("The second half: build and test the tables from the lake.", _run),
    "login": ("Log in to your own account, in the browser.", _login),
    "logout": ("Drop the tokens; lake and tables stay.", _logout),
    "status": ("Account, scopes, age of the consent, locks, last run.", _status),
    "docs": ("Write the documentation of every table as one web page.", _docs),
    "forget": ("Delete my data: lake, tables, tokens.", _forget),
    "restore": ("Take the lake from the data branch.", _restore),
    "backup": ("Put the lake on the data branch of a private repository.", _backup),
    "contract": ("Write again what is generated from the declared tables.", _contract),
}
