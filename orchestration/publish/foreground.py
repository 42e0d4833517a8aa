"""Other programs that have the terminal until they end."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
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
