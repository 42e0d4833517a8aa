"""The command line: one table of verbs, and an exit code with one clear message for every way that a verb can end."""

import argparse
import errno
import faulthandler
import os
import signal
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from types import FrameType
from typing import Any

from orchestration.github.job import current_job
from pipelines.settings import ROOT, Settings, load_settings

# As in orchestration.exit_codes, which is imported only when a verb runs.
INTERRUPTED, CONFIGURATION = 130, 5
OURS = ("orchestration", "pipelines")
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_WRITABLE = (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST, errno.ENOENT)


@dataclass(frozen=True)
class Verb:
    """A verb: the function that it runs, its help, which is also the help in the Makefile, and its options.

    The function is imported when the verb runs, so that `--help` does not wait for dlt and dbt. It gets the settings,
    unless `reads_settings` is false, and each option by name. With `passes_arguments` it gets all options that the
    table does not name as `arguments`; with `files` the words of the command line as `files`.
    """

    function: str
    help: str
    options: tuple[tuple[str, str], ...] = ()
    passes_arguments: bool = False
    files: str = ""
    reads_settings: bool = True
    if_interrupted: str = "nothing is lost: the next run continues from here"


FULL = ("--full", "read every list completely, even if it is not due")
YES = ("--yes", "delete without a question")
ANYWAY = ("--anyway", "import also what looks like the export of another person")
VERBS = {
    "elt": Verb("verbs.elt:elt", "Read the account, build and test the tables, print a summary", (FULL,)),
    "extract": Verb("verbs.elt:extract", "The first half: load what is new into the lake (run it every hour)", (FULL,)),
    "build": Verb(
        "verbs.elt:build",
        "The second half: build and test the tables; options of `dbt build` are passed on",
        passes_arguments=True,
    ),
    "import": Verb(
        "verbs.import_:import_",
        "Import an account data export, any number of times: FILE=my_spotify_data.zip",
        (ANYWAY,),
        files="a zip file, a folder or a JSON file of the export",
        if_interrupted="nothing was imported; the same command begins again",
    ),
    # A wrong setting is one of the problems that it reports, so `scheduled` reads the settings itself.
    "scheduled": Verb(
        "verbs.scheduled:scheduled",
        "Run a verb for cron, systemd or launchd, and tell you when it needs you (ARGS=extract)",
        passes_arguments=True,
        reads_settings=False,
    ),
    "login": Verb(
        "verbs.login:login",
        "Use your own account: log in in the browser, keep the token on this machine",
        if_interrupted="nothing was changed",
    ),
    "logout": Verb("verbs.login:logout", "Delete the token; the lake and the tables stay"),
    "status": Verb(
        "verbs.status:status",
        "Show account, plays, coverage, gaps, time zone, consent, locks, last runs, and what needs you",
    ),
    "report": Verb(
        "publish.report.page:report",
        "Write your listening as web pages, one for each year, and open them (ARGS=--no-open only writes)",
        (("--no-open", "write the pages and do not open them"),),
        if_interrupted="nothing is lost; the same command begins again",
    ),
    "docs": Verb("verbs.docs:docs", "Write the documentation of every table as one web page"),
    "forget": Verb("verbs.forget:forget", "Delete all personal data, after a question", (YES,)),
    "restore": Verb("verbs.backup:restore", "Copy the data branch into the lake"),
    "backup": Verb("verbs.backup:backup", "Copy the lake to the data branch (in a workflow of a private repository)"),
    # A wrong setting is one of the problems that an alert reports, so `alert` reads the settings itself.
    "alert": Verb(
        "github.alert:alert",
        "Open or close the issue that lists what needs a person (in a workflow)",
        reads_settings=False,
    ),
    "contract": Verb(
        "verbs.contract:generate", "Write the files that are generated from the declared tables", reads_settings=False
    ),
}


def main() -> None:
    """Run the verb of the command line. Exits with 130 on Ctrl-C, also when dlt or dbt catch KeyboardInterrupt."""
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    if sys.__stderr__:
        faulthandler.enable(sys.__stderr__)  # a crash of a native library then prints the Python lines that led to it
    from orchestration.report.console import print_in_any_encoding

    print_in_any_encoding()
    try:
        code = call(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    if interrupted:
        print(f"interrupted; {_verb_of(sys.argv[1:]).if_interrupted}", file=sys.stderr, flush=True)
        sys.stdout.flush()
        # sys.exit would wait until the threads that read from Spotify have ended.
        os._exit(INTERRUPTED)
    sys.exit(code)


def _verb_of(arguments: list[str]) -> Verb:
    """The verb of the command line; `elt` if there is none."""
    return next((VERBS[word] for word in arguments if word in VERBS), VERBS["elt"])


def call(arguments: list[str]) -> int:
    """Run one verb and return its exit code. Every error becomes a message on stderr; none is raised."""
    name, options = _parsed(arguments)
    verb = VERBS[name]
    settings = None
    try:
        module, _, function = verb.function.partition(":")
        run = getattr(import_module(f"orchestration.{module}"), function)
        if verb.reads_settings:
            settings = load_settings(is_import=bool(verb.files))
            current_job().mask_bucket(settings.lake_url)
            return int(run(settings, **options))
        return int(run(**options))
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith(OURS):
            # `pip install` of this repository brings the packages of the dlt source only.
            missing = f"the package {error.name} is missing"
            print(f"{missing}; install spotify-elt[elt], or use `make` in a clone", file=sys.stderr)
            return CONFIGURATION
        return _report_error(error, settings)


def _parsed(arguments: list[str]) -> tuple[str, dict[str, Any]]:
    """The verb and its options. Exits with 2 when there is no such verb or option."""
    parser = argparse.ArgumentParser("spotify-elt", description="Your Spotify listening, as tables you own.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, verb in VERBS.items():
        # No abbreviations: an option of dbt's could look like an abbreviation of ours.
        subparser = verbs.add_parser(name, help=verb.help, description=verb.help, allow_abbrev=False)
        for option, text in verb.options:
            subparser.add_argument(option, action="store_true", help=text)
        if verb.files:
            subparser.add_argument("files", nargs="+", metavar="FILE", help=verb.files)
    found, rest = parser.parse_known_args(arguments)
    options = vars(found)
    name = options.pop("verb")
    if VERBS[name].passes_arguments:
        options["arguments"] = tuple(rest)
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return name, options


def _report_error(error: BaseException, settings: Settings | None) -> int:
    """Print one message that says what happened and what to do, and return the exit code of the error."""
    from orchestration.exit_codes import Exit, exit_of, has_user_message
    from pipelines.aws.errors import refusal

    if settings and settings.is_in_cloud and exit_of(error) is Exit.BROKEN:
        error = refusal(error, settings.lake_url, settings.region) or error
    code = exit_of(error)
    if code is Exit.INTERRUPTED:
        return int(code)
    if isinstance(error, EOFError):
        message, code = "no answer came to the question; nothing was changed", Exit.USAGE
    elif has_user_message(error):
        message = str(error)
    elif (isinstance(error, OSError) and error.errno in DISK_FULL) or "No space left on device" in str(error):
        message = f"the disk is full: {error}; nothing is lost: free some space and run again"
    elif isinstance(error, OSError) and error.errno in NOT_WRITABLE:
        message = f"{error.filename} cannot be written: {error.strerror}"
    else:
        message = f"broken: {type(error).__name__}: {error}{_traceback_kept(error, settings)}"
    print(message, file=sys.stderr)
    return int(code)


def _traceback_kept(error: BaseException, settings: Settings | None) -> str:
    """Write the traceback to a file and return a line that names the file. The traceback shows no variables."""
    from orchestration.report.last_error import keep_traceback

    text = "".join(traceback.format_exception(error))
    file = keep_traceback(text, settings.work_dir if settings else ROOT / "data")
    return f"\ndetails: {file}" if file else ""
