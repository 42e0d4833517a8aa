"""The report of an import: what became of each record, by file and content type."""

from collections.abc import Iterable

from orchestration.report.console import echo, relative_path
from pipelines.raw.clock import as_text
from pipelines.settings import Settings
from pipelines.streaming_history.imports import Report
from pipelines.streaming_history.outcomes import OUTCOMES, FileCount
from pipelines.streaming_history.spans import Span, missing_shards

SPANS = 4  # for each package, the longest; a real export has one or two


def print_report(report: Report, settings: Settings) -> None:
    """Print the records of each file with their sums, the time covered, what was not read and why, and what is next."""
    for archive in report.known_archives:
        echo(f"{archive.name} was imported before, so it was not read")
    if report.known_archives and report.counts:
        echo("")
    for line in table(report):
        echo(line)
    _print_reasons(report)
    for line in covered(report.spans):
        echo(line)
    if missing := missing_shards(file.name for file in report.files):
        echo(
            f"the endsong files cover no time, because {', '.join(missing[:3])} is missing: import all of them together"
        )
    for name, reason in report.ignored:
        echo(f"not read: {name}, because {reason}", style="dim")
    echo(f"\nlake: {relative_path(settings.lake_url)}")
    if report.counts:
        echo("next: `make build` makes the tables anew")


def table(report: Report) -> list[str]:
    """A line for each file, below it one for each content type, and the sum. Read is the sum of the outcomes."""
    lines: list[str] = []
    width = len(f"{report.rows_read:,}")
    named = -1
    for each in report.counts:
        if each.file_no != named:
            named = each.file_no
            lines.append(report.files[named].name)
        lines.append(f"  {each.content_type:<12} {each.rows_read:>{width},} read = {_sum(each.counts)}")
    if lines:
        whole = {outcome: report.total(outcome) for outcome in OUTCOMES}
        lines += ["all", f"  {'':<12} {report.rows_read:>{width},} read = {_sum(whole)}"]
    return lines


def _sum(counts: dict[str, int]) -> str:
    return " + ".join(f"{count:,} {outcome}" for outcome, count in counts.items() if count)


def _print_reasons(report: Report) -> None:
    for each in report.counts:
        for reason, count in each.reasons.items():
            echo(f"skipped in {_name(report, each)}: {count:,}, because {reason}", style="yellow")
    if report.reject_file:
        echo(f"every skipped record is named in {relative_path(str(report.reject_file))}", style="yellow")


def _name(report: Report, count: FileCount) -> str:
    return report.files[count.file_no].name


def covered(spans: Iterable[Span]) -> list[str]:
    """A line for each of the longest stretches of a package, in order of time."""
    lines: list[str] = []
    packages: dict[str, list[Span]] = {}
    for span in spans:
        packages.setdefault(span.package, []).append(span)
    for package, found in packages.items():
        longest = sorted(found, key=lambda span: span.covered_until - span.covered_from)[-SPANS:]
        for span in sorted(longest, key=lambda span: span.covered_from):
            lines.append(f"covered ({package}): {as_text(span.covered_from)} to {as_text(span.covered_until)}")
        if len(found) > SPANS:
            lines.append(f"covered ({package}): and {len(found) - SPANS} shorter times")
    return lines
