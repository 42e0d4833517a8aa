"""Output on terminals of every encoding and width."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from orchestration.report.console import echo, out, print_in_any_encoding
print_in_any_encoding()
echo("Zo\u00eb \u00b7 \u690e\u540d")
print("\u690e", file=sys.stderr)
echo(f"{out.width} columns")
"""


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"PYTHONIOENCODING": "ascii"}, b"Zo? - ??"),
        ({"PYTHONIOENCODING": "latin-1"}, b"Zo\xeb \xb7 ??"),
        ({"PYTHONIOENCODING": "utf-8"}, "Zo\u00eb \u00b7 \u690e\u540d".encode()),
    ],
)
def test_a_sign_that_the_terminal_lacks_does_not_end_the_run(environment: dict[str, str], name: bytes) -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
    assert ran.stdout.splitlines()[0] == name


@pytest.mark.parametrize(("columns", "width"), [("60", "60"), ("0", "80"), ("", "80")])
def test_the_width_is_that_of_the_terminal_or_80(columns: str, width: str) -> None:
    environment = {"COLUMNS": columns, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True, stdin=subprocess.DEVNULL
    )
    assert f"{width} columns" in ran.stdout.decode()
