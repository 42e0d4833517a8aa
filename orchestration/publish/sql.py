"""`make sql`: a prompt on the marts, for reading only. The prompt is DuckDB's own, from the package duckdb-cli."""

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb_cli

from orchestration.exit_codes import Exit
from orchestration.publish import foreground
from orchestration.publish.marts_file import marts_file
from orchestration.report.console import relative_path
from pipelines.settings import Settings

# The names of the marts work without a schema, and `about` is in main.
SEARCH_PATH = "set search_path = 'marts,main'"
# In a terminal DuckDB takes the width of the window. Elsewhere it knows none, and one long value makes every line long.
NARROW = ".maxwidth 120"
WELCOME = "{file}, read only. `from about;` lists the tables, `.help` the commands, Ctrl-D ends.\n"


def sql(settings: Settings, arguments: Sequence[str] = ()) -> int:
    """Answer the statements of the command line, or of stdin when it is no terminal; otherwise open a prompt.

    Where no terminal shows the answers of a file, lines have 120 characters at most, and DuckDB cuts long values. Whole
    values come from a file that says `.mode csv` or `.maxwidth 9999`, and from the command line.

    Returns 0, or 2 when a statement failed; DuckDB has then printed why. Raises BadSetting when there are no tables.
    """
    file = marts_file(settings)
    # -no-init: a .duckdbrc of the user could attach other files or change what is printed.
    command = [str(Path(duckdb_cli.__file__).with_name("duckdb")), "-readonly", "-no-init", "-bail"]
    command += ["-cmd", SEARCH_PATH]
    statements = " ".join(arguments)
    if statements:
        command += ["-c", statements]
    elif sys.stdin.isatty():
        print(WELCOME.format(file=relative_path(str(file))))
    elif not sys.stdout.isatty():
        command += ["-cmd", NARROW]
    failed = foreground.run([*command, str(file)], stdin=None if statements else sys.stdin)
    return int(Exit.USAGE if failed else Exit.OK)
