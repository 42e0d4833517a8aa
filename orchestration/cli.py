"""The command line: runs one verb, with an exit code and one clear message for every way that a verb can end."""

import argparse
import faulthandler
import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import Any

from orchestration.github.job import current_job
from orchestration.verb_table import VERBS, Verb
from pipelines.settings import Settings, load_settings

# As in orchestration.exit_codes, which is imported only when a verb runs.
INTERRUPTED, CONFIGURATION = 130, 5
OURS = ("orchestration", "pipelines")


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
        if verb.folder:
            subparser.add_argument("folder", nargs="?", default="", metavar="FOLDER", help=verb.folder)
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
    from orchestration.failures import failure_of

    message, code = failure_of(error, settings)
    if message:
        print(message, file=sys.stderr)
    return int(code)
