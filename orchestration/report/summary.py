"""What a person sees: progress while it runs on a terminal, one summary at the end."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.table import Table

from orchestration.report.run_record import RunReport
from pipelines.lake.source import ResourceReport
from pipelines.settings import ROOT, Settings
from pipelines.values import DEMO_START

# 80 columns where nobody looks, so that the output in the README is the output everywhere.
# No markup: names and messages may hold square brackets of their own.
out = Console(highlight=False, markup=False, width=None if shutil.get_terminal_size((0, 0)).columns else 80)
TOP = 6


class Progress:
    """One line that moves: listing, rows, calls, and waits that Spotify asked for. Silent when nobody looks."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._began: dict[str, float] = {}

    def on_progress(self, report: ResourceReport) -> None:
        began = self._began.setdefault(report.resource, time.monotonic())
        of = left = ""
        if report.total:
            of = f" of {report.total:,}"
            seconds = (time.monotonic() - began) * (report.total / max(report.rows_read, 1) - 1)
            left = f", about {seconds:.0f} s left" if seconds > 5 else ""
        self._status.update(f"{report.resource}: {report.rows_read:,}{of} rows, {report.calls:,} calls{left}")

    def wait(self, endpoint: str, seconds: float) -> None:
        self._status.update(f"{endpoint}: Spotify asks to wait {seconds:.0f} s")


@contextmanager
def progress() -> Iterator[Progress]:
    with spinner("asking Spotify") as status:
        yield Progress(status)


@contextmanager
def spinner(what: str) -> Iterator[Status]:
    status = out.status(what)
    if not out.is_terminal:
        yield status
        return
    with status:
        yield status


def print_summary(report: RunReport) -> None:
    whose = "the demo account" if report.is_demo else report.account
    parts = [whose, report.mode, f"{report.read_at:%Y-%m-%d %H:%M} UTC"]
    echo(f"spotify-elt  {' · '.join(filter(None, parts))}\n", style="bold")
    if report.resources:
        out.print(_listings(report))
        _print_unread(report)
        if not report.is_anything_new:
            out.print("nothing new")
    for warning in report.warnings:
        echo(f"{warning}", style="yellow")
    if report.ended_by:
        echo(f"{report.ended_by}", style="red")
    if "build" in report.seconds:
        _print_build(report)
    if report.aws:
        echo(f"\n{_aws(report.aws)}", style="dim")
    echo(f"\ntook {_seconds(report)}; this run as JSON: {relative_path(report.lake)}/{report.kept_in}")
    if report.next_step:
        echo(f"next: {report.next_step}")


def _listings(report: RunReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("resource", "new", "gone", "read", "calls"):
        table.add_column(name, justify="left" if name == "resource" else "right")
    for resource in report.resources:
        if resource["calls"] or resource["outcome"] == "read":
            values = (resource[name] for name in ("rows_new", "rows_removed", "rows_read", "calls"))
            table.add_row(resource["resource"], *(f"{value:,}" for value in values))
    table.add_row("all", "", "", "", f"{sum(report.calls.values()):,}", style="dim")
    return table


def _print_unread(report: RunReport) -> None:
    """What was not read or not taken, and why; listings with one reason on one line."""
    out.print()
    reasons: dict[str, list[str]] = {}
    for resource in report.resources:
        if resource["outcome"] != "read" or resource["reason"]:
            told = "" if resource["outcome"] == "read" else f"{resource['outcome']}: "
            reasons.setdefault(f"{told}{resource['reason']}", []).append(resource["resource"])
    for reason, names in reasons.items():
        style = "yellow" if reason.startswith("stopped") else "dim"
        echo(f"{', '.join(names)}: {reason}", style=style)
    nulls = {row["resource"]: row["rows_null"] + row["rows_unkeyed"] for row in report.resources}
    if any(nulls.values()):
        told = ", ".join(f"{count} in {name}" for name, count in nulls.items() if count)
        echo(f"rows that Spotify sent without content: {told}", style="dim")
    for row in report.resources:
        if row["gap_from"]:
            span = f"{row['gap_from']:%Y-%m-%d %H:%M} and {row['gap_until']:%Y-%m-%d %H:%M} UTC"
            echo(f"plays may be missing between {span}: run `make extract` every hour", style="yellow")


def _print_build(report: RunReport) -> None:
    out.print(f"{report.models_built} models built, {report.tests_passed} tests passed")
    for line in report.tests_failed:
        echo(f"test failed: {line}", style="red")
    for line in report.broken:
        echo(f"not built: {line}", style="red")
    if report.top_artists:
        out.print("\nmost played in the last four weeks", style="bold")
        table = Table(box=None, pad_edge=False)
        for name in ("rank", "artist", "plays", "tracks"):
            table.add_column(name, justify="left" if name == "artist" else "right", header_style="dim")
        for row in report.top_artists[:TOP]:
            table.add_row(str(row["rank"]), row["artist"], str(row["plays"]), str(row["tracks"]))
        out.print(table)
    if report.broken:
        return
    if report.warehouse.startswith("Athena"):
        echo(f"\ntables: {report.warehouse}; ask them anything in its query editor")
    else:
        echo(f"\ntables: {relative_path(report.warehouse)}, schema marts; ask them anything:")
        echo(query_line(relative_path(report.warehouse)))


def query_line(file: str) -> str:
    question = "select played_at, track_name from marts.fct_plays join marts.dim_tracks using (track_id) limit 9"
    show = f"duckdb.connect('{file}').sql('{question}').show()"
    return f'  .venv/bin/python -c "import duckdb; {show}"'


def next_step(report: RunReport, settings: Settings) -> str:
    if report.ended_by:
        return ""
    if report.verb == "extract":
        return "`make build` for the tables"
    if settings.is_demo:
        days = (settings.now - DEMO_START).days + 1
        return f"`make login` for your own account; `make elt DEMO_DAYS={days}` for the demo account's next day"
    return "`make extract` every hour, so that no play is lost (README: every hour)"


def relative_path(path: str) -> str:
    """The path as a person standing in the project would type it."""
    found = Path(path)
    return str(found.relative_to(ROOT)) if found.is_relative_to(ROOT) else path


def _aws(used: dict[str, Any]) -> str:
    """What the run asked of AWS and what that costs at list prices."""
    s3 = {name.removeprefix("s3."): count for name, count in used["requests"].items() if name.startswith("s3.")}
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(s3.items(), key=lambda pair: -pair[1]))
    said = f"AWS: {sum(s3.values())} S3 requests ({kinds})"
    if used["statements"]:
        scanned = f"{used['bytes_scanned'] / 10**6:,.1f} MB scanned"
        said += f"; {used['statements']} Athena statements, {used['statements_billed']} of them billed, {scanned}"
    return f"{said}; {used['dollars']:.4f} USD at list prices"


def _seconds(report: RunReport) -> str:
    return ", ".join(f"{part} {seconds:.1f} s" for part, seconds in report.seconds.items())


def echo(line: str, **values: Any) -> None:
    out.print(line, soft_wrap=True, **values)
