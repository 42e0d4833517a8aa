"""The output of a benchmark: progress on stderr, figures as a short table on stdout."""

import sys

Rows = list[tuple[str, str, str]]


def echo(text: str) -> None:
    """Progress."""
    print(f"... {text}", file=sys.stderr, flush=True)


def verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def show(title: str, rows: Rows) -> None:
    """Print one table with the columns name, figure and meaning."""
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    print(f"\n{title}")
    for what, figure, meaning in rows:
        print(f"  {what:<{widths[0]}}  {figure:>{widths[1]}}  {meaning}".rstrip(), flush=True)
