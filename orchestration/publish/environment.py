"""An environment of its own for a program that is not part of the lock, with packages that have known hashes."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from orchestration.exit_codes import UserError

READY = ".ready"


def python_of(requirements: Path, folder: Path, of: Path | None = None) -> Path:
    """The Python of an environment in the folder with exactly these packages. It is made when it is missing or old.

    `of` is the Python that makes it; the default is this one. Raises UserError when the packages cannot be had, and
    OSError.
    """
    python = folder / "bin" / "python"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    ready = folder / READY
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted and python.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        _run([uv, "venv", "--quiet", "--python", str(of or sys.executable), str(folder)])
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    else:
        _run([str(of or sys.executable), "-m", "venv", str(folder)])
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    # Undo what would install the packages elsewhere, as the set-up of make does.
    if (Path(sys.prefix) / "pip.conf").exists():
        shutil.copyfile(Path(sys.prefix) / "pip.conf", folder / "pip.conf")
    _run([*install, "--no-deps", "--require-hashes", "-r", str(requirements)])
    ready.write_text(wanted, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UserError(f"the packages cannot be installed: {' '.join(reason)}; check the network and run it again")
