"""Output to the terminal: lines, paths, a spinner, the progress of a load."""

import codecs
import io
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status

from pipelines.lake.source import ResourceReport
from pipelines.settings import ROOT

# The width is 80 columns where the output is no terminal, so that the README can show the output exactly. It is given,
# because rich would take COLUMNS=0 as a width. Markup is off because names and messages may hold square brackets.
out = Console(highlight=False, markup=False, width=shutil.get_terminal_size((80, 24)).columns)


def print_in_any_encoding() -> None:
    """Let stdout and stderr print a sign that the terminal's encoding lacks as `?`, or as a similar sign."""
    codecs.register_error("similar", _similar)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="similar")


def _similar(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    return "".join("-" if sign in "\u00b7\u2013\u2014" else "?" for sign in signs), error.end


def echo(line: str, **style: Any) -> None:
    """Print one line; a long line is not wrapped."""
    out.print(line, soft_wrap=True, **style)


def relative_path(path: str) -> str:
    """The path relative to the project folder, if it is in there."""
    found = Path(path)
    return str(found.relative_to(ROOT)) if found.is_relative_to(ROOT) else path


@contextmanager
def spinner(what: str) -> Iterator[Status]:
    """Show a spinner while the body runs. Prints nothing if the output is not a terminal."""
    status = out.status(what, spinner="dots" if out.encoding.startswith("utf") else "line")
    if not out.is_terminal:
        yield status
        return
    with status:
        yield status


class Progress:
    """The spinner's line during a load: resource, rows, calls, and how long Spotify asks to wait."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._started: dict[str, float] = {}

    def on_progress(self, report: ResourceReport) -> None:
        """Show the state of one resource, with an estimate of the seconds left when its total is known."""
        started = self._started.setdefault(report.resource, time.monotonic())
        of = left = ""
        if report.total:
            of = f" of {report.total:,}"
            seconds = (time.monotonic() - started) * (report.total / max(report.rows_read, 1) - 1)
            left = f", about {seconds:.0f} s left" if seconds > 5 else ""
        calls = f", {report.calls:,} calls" if report.calls else ""  # an import makes none
        self._status.update(f"{report.resource}: {report.rows_read:,}{of} rows{calls}{left}")

    def on_wait(self, endpoint: str, seconds: float) -> None:
        """Show a pause that Spotify asked for."""
        self._status.update(f"{endpoint}: Spotify asks to wait {seconds:.0f} s")

    def on_step(self, what: str) -> None:
        """Show which step of the run begins."""
        self._status.update(what)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A spinner that `extract`, `register` and `build` of orchestration/run.py can update."""
    with spinner(what) as status:
        yield Progress(status)
