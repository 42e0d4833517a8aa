"""`make ui`: Datasette on the tables, on this machine only. https://docs.datasette.io"""

import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

from orchestration.exit_codes import Exit, UserError
from orchestration.publish import foreground
from orchestration.publish.environment import python_of
from orchestration.publish.export.verb import write_sqlite
from orchestration.publish.marts_file import marts_file
from orchestration.report.console import echo, spinner
from pipelines.settings import Settings

REQUIREMENTS = Path(__file__).with_name("datasette.txt")
HOST, PORT = "127.0.0.1", 8001
# A million plays take longer than the limits of a public site allow.
LIMITS = {"sql_time_limit_ms": 20_000, "facet_time_limit_ms": 5_000, "facet_suggest_time_limit_ms": 500}


def ui(settings: Settings) -> int:
    """Write the SQLite file if the tables are newer, and serve it until Ctrl-C.

    Raises BadSetting when there are no tables, UserError when Datasette cannot be installed.
    """
    newest, folder = marts_file(settings).stat().st_mtime, settings.work_dir / "export"
    with spinner("writing the tables") as status:
        file, metadata = write_sqlite(settings, folder, status.update, unless_newer_than=newest)
    with spinner("installing Datasette (once, about 10 seconds)"):
        python = python_of(REQUIREMENTS, Path(sys.prefix) / "datasette")
    port = free_port()
    echo(f"the tables, on this machine only, until Ctrl-C: http://{HOST}:{port}/{file.stem}")
    command = [*serving(python, file, metadata), "--host", HOST, "--port", str(port)]
    if sys.stdout.isatty():
        command.append("--open")
    with TemporaryFile("w+") as messages:
        ended = foreground.run(command, stdout=subprocess.DEVNULL, stderr=messages)
        messages.seek(0)
        last = messages.read().strip().splitlines()[-1:]
    if ended not in (0, -signal.SIGINT, -signal.SIGTERM):
        raise UserError(f"Datasette ended with code {ended}: {' '.join(last)}")
    return int(Exit.OK)


def serving(python: Path, file: Path, metadata: Path) -> list[str]:
    """The command that serves the SQLite file."""
    limits = [word for name, value in LIMITS.items() for word in ("--setting", name, str(value))]
    return [str(python), "-m", "datasette", "serve", "--immutable", str(file), "--metadata", str(metadata), *limits]


def free_port(wanted: int = PORT) -> int:
    """The port, or another one when a program uses it."""
    for port in (wanted, 0):
        with closing(socket.socket()) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((HOST, port))
            except OSError:
                continue
            return int(listening.getsockname()[1])
    return wanted
