"""The summary of a run, printed at its end."""

from collections import Counter
from typing import Any

from rich.table import Table

from orchestration.report import top_artists
from orchestration.report.console import echo, out, relative_path
from orchestration.report.run_record import RunRecord
from pipelines.lake.source import counted
from pipelines.raw.clock import as_text


def print_summary(record: RunRecord) -> None:
    """Print what was read, what was not and why, what was built, and what to do next."""
    account = "the demo account" if record.is_demo else record.account
    parts = [account, record.mode, f"{as_text(record.read_at)}"]
    echo(f"spotify-elt  {' · '.join(filter(None, parts))}\n", style="bold")
    if record.resources:
        out.print(_resources(record))
        _print_remarks(record)
        if not record.has_new_rows:
            out.print("nothing new")
    for warning in record.warnings:
        echo(warning, style="yellow")
    if record.ended_by:
        echo(record.ended_by, style="red")
    if record.has_build:
        _print_build(record)
    if record.aws:
        echo(f"\n{_aws(record.aws)}", style="dim")
    echo(f"\ntook {_seconds(record)}; this run as JSON: {relative_path(record.lake)}/{record.file_name}")
    if record.next_step:
        echo(f"next: {record.next_step}")


def _resources(record: RunRecord) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("resource", "new", "removed", "read", "calls"):
        table.add_column(name, justify="left" if name == "resource" else "right")
    for resource in record.resources:
        if resource["calls"] or resource["outcome"] == "read":
            numbers = (resource[name] for name in ("rows_new", "rows_removed", "rows_read", "calls"))
            table.add_row(resource["resource"], *(f"{number:,}" for number in numbers))
    table.add_row("all", "", "", "", f"{sum(record.calls.values()):,}", style="dim")
    return table


def _print_remarks(record: RunRecord) -> None:
    """Print the resources that were not read and the rows that were not stored; one line for each reason."""
    out.print()
    reasons: dict[str, list[str]] = {}
    for resource in record.resources:
        if resource["outcome"] != "read" or resource["reason"]:
            outcome = "" if resource["outcome"] == "read" else f"{resource['outcome']}: "
            reasons.setdefault(f"{outcome}{resource['reason']}", []).append(resource["resource"])
    for reason, names in reasons.items():
        echo(f"{', '.join(names)}: {reason}", style="yellow" if reason.startswith(("stopped", "unfinished")) else "dim")
    empty = {row["resource"]: row["rows_null"] + row["rows_unkeyed"] for row in record.resources}
    if any(empty.values()):
        counts = ", ".join(f"{count} in {name}" for name, count in empty.items() if count)
        echo(f"rows that Spotify sent without content: {counts}", style="dim")
    _print_oddities(record)
    for row in record.resources:
        if row["gap_from"]:
            span = f"{as_text(row['gap_from'])} and {as_text(row['gap_until'])}"
            echo(f"plays may be missing between {span}: run `make extract` every hour", style="yellow")


def _print_oddities(record: RunRecord) -> None:
    """Print which values did not fit their column, and which elements were left out."""
    nulled: Counter[str] = Counter()
    for row in record.resources:
        nulled.update(row["nulled"])
    if nulled:
        echo(f"set to null: {', '.join(counted(nulled))}", style="yellow")
    for row in record.resources:
        if row["rows_left_out"]:
            named = row["odd_elements"]
            more = row["rows_left_out"] - len(named)
            parts = [*named, f"{more} more"] if named and more else named or [str(more)]
            echo(f"left out of {row['resource']}: {'; '.join(parts)}", style="yellow")


def _print_build(record: RunRecord) -> None:
    out.print(f"{record.models_built} models built, {record.tests_passed} tests passed")
    out.print(f"days and hours in {record.time_zone} (TIME_ZONE)", style="dim")
    for line in record.tests_failed:
        echo(f"test failed: {line}", style="red")
    for line in record.broken:
        echo(f"not built: {line}", style="red")
    for line in record.tests_warned:
        echo(f"test warned: {line}", style="yellow")
    if record.top_artists:
        top_artists.print_lists(record.top_artists, record.time_zone)
    if record.not_published:
        echo(f"\n{record.not_published}")
        return
    if record.broken:
        return
    if record.warehouse.startswith("Athena"):
        echo(f"\ntables: {record.warehouse}; query them in its query editor")
    else:
        echo(f"\ntables: {relative_path(record.warehouse)}, schema marts; a query to start with:")
        echo(query_line(relative_path(record.warehouse)))


def query_line(file: str) -> str:
    """A command that the user can paste; it shows the last plays."""
    question = "select started_at_local, title, creator from marts.fct_plays order by started_at_local desc limit 9"
    show = f"duckdb.connect('{file}').sql('{question}').show()"
    return f'  .venv/bin/python -c "import duckdb; {show}"'


def _seconds(record: RunRecord) -> str:
    """The seconds of the load, and of the build together with the registering before it."""
    seconds = dict(record.seconds)
    if "build" in seconds:
        seconds["build"] += seconds.pop("register", 0.0)
    return ", ".join(f"{part} {duration:.1f} s" for part, duration in seconds.items())


def _aws(used: dict[str, Any]) -> str:
    """The requests that the run sent to S3, by operation. Those of dbt are not counted."""
    s3 = {name.removeprefix("s3."): count for name, count in used["requests"].items() if name.startswith("s3.")}
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(s3.items(), key=lambda pair: -pair[1]))
    return f"AWS: {sum(s3.values())} S3 requests ({kinds})"
