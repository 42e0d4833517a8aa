"""The report of an import: what became of each record, by file and content type."""

from rich.table import Table

from orchestration.report.console import echo, out, relative_path
from pipelines.raw.clock import as_text
from pipelines.settings import Settings
from pipelines.streaming_history.imports import Report
from pipelines.streaming_history.outcomes import OUTCOMES


def print_report(report: Report, settings: Settings) -> None:
    """Print the records of each file with their sums, the time covered, what was not read and why, and what is next."""
    for archive in report.known_archives:
        echo(f"{archive.name} was imported before; nothing of it was read")
    if report.counts:
        out.print(_table(report))
    for span in report.spans:
        echo(f"{span.package} covers {as_text(span.covered_from)} to {as_text(span.covered_until)}")
    for each in report.counts:
        for reason, count in each.reasons.items():
            echo(f"skipped: {count:,} of {report.files[each.file_no].name}: {reason}", style="yellow")
    if report.reject_file:
        echo(f"each of them is named in {relative_path(str(report.reject_file))}", style="yellow")
    for name, reason in report.ignored:
        echo(f"not read: {name}: {reason}", style="dim")
    echo(f"\nlake: {relative_path(settings.lake_url)}")
    echo("next: `make build` for the tables")


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("file", "type", "read", *OUTCOMES):
        table.add_column(name, justify="left" if name in ("file", "type") else "right", no_wrap=name != "file")
    for each in report.counts:
        counts = (f"{each.counts[outcome]:,}" for outcome in OUTCOMES)
        table.add_row(report.files[each.file_no].name, each.content_type, f"{each.rows_read:,}", *counts)
    table.add_row(
        "all", "", f"{report.rows_read:,}", *(f"{report.total(outcome):,}" for outcome in OUTCOMES), style="dim"
    )
    return table
