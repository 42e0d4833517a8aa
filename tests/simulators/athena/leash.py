"""`python leash.py FOLDER COMMAND...`: runs the command for as long as stdin stays open, then kills it.

A pipe closes with the process that holds its other end, also when that one is killed. FOLDER is removed at the end.
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path


def main(folder: str, *command: str) -> None:
    with Path(folder, "output.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
    # A command that ends by itself ends the leash; its output stays to be read.
    threading.Thread(target=lambda: os._exit(process.wait() or 1), daemon=True).start()
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)  # before the kill: the thread above ends this process with it
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
