"""A function of a zip under AWS's own runtime interface emulator, on a machine like Lambda's.

The root folder is read-only, /tmp is empty and has 512 MB or what a test asks for, /dev/shm cannot be written, HOME is
missing. This needs a mount namespace. Without the right to make one, only the code folder is read-only.
https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.simulators.loopback import free_port

# The code, the runtime and the emulator are bound into a new folder, because /tmp, where they may be, becomes empty.
NAMESPACE = """\
set -e
mount --make-rprivate /
mount -t tmpfs none /mnt
mkdir /mnt/task /mnt/runtime /mnt/rie
mount --bind "$1" /mnt/task && mount -o remount,ro,bind /mnt/task
mount --bind "$2" /mnt/runtime && mount -o remount,ro,bind /mnt/runtime
mount --bind "$3" /mnt/rie
mkdir -p /dev/shm && mount -t tmpfs -o ro none /dev/shm
mount -o remount,ro,bind /
mount -t tmpfs -o size="$4" none /tmp
shift 4
cd /mnt/task
exec "$@"
"""


def can_unshare() -> bool:
    """Whether this user may make a mount namespace with a read-only root."""
    tried = "mount --make-rprivate / && mount -t tmpfs none /mnt && mount -o remount,ro,bind /"
    try:
        return subprocess.run(["unshare", "-m", "sh", "-c", tried], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Failed(Exception):
    """The function raised an error. `kind` is its class."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer.get("errorMessage"))
        self.kind = answer.get("errorType")


class Runtime:
    """`with Runtime(...) as function:` starts it; `function.invoke({})` returns what the handler returns."""

    def __init__(
        self,
        zipped: Path,
        handler: str,
        environment: dict[str, str],
        emulator: Path,
        python: Path,
        folder: Path,
        timeout_s: int = 300,
        tmp: str = "512m",
    ) -> None:
        self.folder = folder / zipped.stem
        self.log = folder / f"{zipped.stem}.log"
        if not self.folder.exists():
            zipfile.ZipFile(zipped).extractall(self.folder)
        port, api = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        home, task = python.parents[1], self.folder
        self.is_isolated = can_unshare()
        if self.is_isolated:
            isolated = ["unshare", "-m", "sh", "-c", NAMESPACE, "sh", str(task), str(home), str(emulator.parent), tmp]
            home, task, emulator = Path("/mnt/runtime"), Path("/mnt/task"), Path("/mnt/rie", emulator.name)
        else:
            isolated = []
        addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
        addresses += ["--runtime-api-address", f"127.0.0.1:{api}"]
        program = [str(home / "bin" / "python"), "-m", "awslambdaric", handler]
        self.environment = environment | {
            "LAMBDA_TASK_ROOT": str(task),
            "PYTHONPATH": str(task),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s),
            "AWS_LAMBDA_FUNCTION_NAME": zipped.stem,
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        }
        self.command = [*isolated, str(emulator), *addresses, *program]

    def __enter__(self) -> "Runtime":
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill the emulator and the handler, which has a process group of its own."""
        for pid in _descendants(self.process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def invoke(self, event: Any, timeout: float = 600) -> Any:
        """Raises Failed, with the class and the message of the handler's error."""
        request = urllib.request.Request(self.url, json.dumps(event).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(100):
            try:
                with opener.open(request, timeout=timeout) as answer:
                    found = json.loads(answer.read())
                break
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:
                time.sleep(0.1)  # the emulator has not started yet
        else:
            raise RuntimeError(f"the emulator does not answer: {self.log.read_text()[-2000:]}")
        if isinstance(found, dict) and "errorType" in found:
            raise Failed(found)
        return found

    @property
    def peak_mb(self) -> float:
        """The most memory that the handler's process has had, in megabytes."""
        return max((_peak_kb(pid) for pid in _descendants(self.process.pid)), default=0) / 1024


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += [int(word) for word in task.read_text().split()]
            except OSError:
                continue  # it has just ended
    return found


def _peak_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
