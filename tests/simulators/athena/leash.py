"""`python leash.py FOLDER COMMAND...` runs a command until stdin closes, kills it and removes FOLDER.

stdin is a pipe. It closes when the process at its other end has ended, also when that process was killed.
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
    # If the command ends first, this process ends and keeps FOLDER with the output.
    threading.Thread(target=lambda: os._exit(process.wait() or 1), daemon=True).start()
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)  # before the kill, because the thread above ends this process after it
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
