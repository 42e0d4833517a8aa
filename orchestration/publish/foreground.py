"""Other programs that have the terminal until they end."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from orchestration.exit_codes import UserError
from orchestration.report.console import echo, spinner


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


def serve(
    name: str,
    server: list[str],
    others: list[list[str]],
    address: tuple[str, int],
    log: Path,
    environment: Mapping[str, str],
) -> None:
    """Run a web server with its other programs until Ctrl-C, and show its address. What they print goes to the log.

    Raises UserError when one of them ends by itself.
    """
    with log.open("w") as printed, spinner(f"starting {name} (about half a minute)") as status:

        def show() -> None:
            status.stop()
            echo(f"{name}, on this machine only, until Ctrl-C: http://{address[0]}:{address[1]}")

        ended = run_together(server, others, address, show, env=environment, stdout=printed, stderr=subprocess.STDOUT)
    if ended:
        raise UserError(f"{name} ended with code {ended}; {log} says why")


def run_together(
    server: list[str], others: list[list[str]], address: tuple[str, int], on_ready: Callable[[], None], **options: Any
) -> int:
    """Run a server, and when its address answers the other programs, until Ctrl-C or until one of them ends.

    `on_ready` is called when the address answers. Returns 0 after Ctrl-C, or else the exit code of the first program
    that ended; the others are ended then. `options` are those of `subprocess.Popen`.
    """
    told_to_end = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal told_to_end
        told_to_end = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    with ExitStack() as stack:
        programs = [stack.enter_context(subprocess.Popen(server, **options))]
        is_ready = False
        try:
            while not told_to_end and all(program.poll() is None for program in programs):
                if not is_ready and answers(address):
                    is_ready = True
                    programs += [stack.enter_context(subprocess.Popen(command, **options)) for command in others]
                    on_ready()
                time.sleep(0.2)
            codes = [program.returncode for program in programs if program.returncode is not None]
        finally:
            for program in programs:
                program.terminate()
            for number, handler in before.items():
                signal.signal(number, handler)
    return 0 if told_to_end else codes[0]


def answers(address: tuple[str, int]) -> bool:
    """Whether a program listens at this host and port."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True
