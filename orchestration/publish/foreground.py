"""Another program that has the terminal until it ends."""

import signal
import subprocess
from types import FrameType
from typing import Any


def run(command: list[str], **options: Any) -> int:
    """Run the program and return its exit code. `options` are those of `subprocess.Popen`.

    Ctrl-C reaches the program, which decides what it ends; this process goes on waiting. When this process is told to
    end, it ends the program first.
    """
    with subprocess.Popen(command, **options) as program:

        def end(number: int, frame: FrameType | None) -> None:
            program.terminate()

        before = {signal.SIGINT: signal.getsignal(signal.SIGINT), signal.SIGTERM: signal.getsignal(signal.SIGTERM)}
        try:
            signal.signal(signal.SIGINT, lambda number, frame: None)
            signal.signal(signal.SIGTERM, end)
            return program.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
