"""`make lambda`: the zips of the two functions, from the project's own lock.

Lambda accepts 250 MB of unpacked code. So each zip holds only the packages that its function imports (extract.txt,
transform.txt), and what no run opens is left out of them. The same code and lock always give the same bytes.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from orchestration.exit_codes import Exit, UserError
from orchestration.report.console import echo, spinner
from pipelines.settings import ROOT, Settings

FUNCTIONS = ("extract", "transform")
PYTHON = "3.12"
BUILT = ROOT / "build" / "lambda"
LIMIT = 250 * 1024 * 1024
# Amazon Linux 2023, on which the runtime of Python 3.12 runs, has glibc 2.34.
LIBRARIES = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
# The oldest time that a zip can hold.
MOMENT = (1980, 1, 1, 0, 0, 0)
SERVICES = ("athena", "glue", "lakeformation", "s3", "sns", "ssm", "sts")
# What the packages bring and no run opens. libarrow_substrait has to stay: pyarrow is linked with it.
PRUNED = (
    "bin",
    "babel/locale-data/*",
    "boto3/data/*",
    "boto3/examples",
    "botocore/data/*",
    "networkx/**/tests",
    "pyarrow/*.pxi",
    "pyarrow/*.pyx",
    "pyarrow/*flight*",
    "pyarrow/*_s3*",
    "pyarrow/include",
    "pyarrow/includes",
    "pyarrow/src",
    "pyarrow/tests",
    # These name the installer and its cache, so they would differ from build to build.
    *(f"*.dist-info/{name}" for name in ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_*.json")),
)
KEPT = (
    "babel/locale-data/en.dat",
    "babel/locale-data/en_US.dat",
    "babel/locale-data/root.dat",
    "boto3/data/s3",  # dbt-athena deletes the files of an old table with it
    "botocore/data/*.json",
    *(f"botocore/data/{service}" for service in SERVICES),
)
# The demo account, what people take from the marts, and the ways to run the program elsewhere
NOT_OURS = (
    "__pycache__",
    "demo",
    "publish",
    "terraform",
    "docker",
    "airflow",
    "dagster",
    "*.txt",
    "*.in",
    "target",
    "logs",
)
PRIVATE = (".env", ".user.yml", "*.log")


def package(settings: Settings, arm64: bool = False) -> int:
    """Write build/lambda/extract.zip and transform.zip, for x86_64 or arm64. Raises UserError.

    The listener's own exclusions go into `transform`, because a function has no other file.
    """
    for name in FUNCTIONS:
        with TemporaryDirectory() as folder, spinner(f"packing {name}"):
            code = Path(folder)
            install(name, "aarch64" if arm64 else "x86_64", code)
            prune(code)
            copy_project(name, code)
            if name == "transform" and not settings.is_demo and settings.exclusions_file.exists():
                (code / "data").mkdir()
                shutil.copyfile(settings.exclusions_file, code / "data" / "exclusions.csv")
            size = sum(file.stat().st_size for file in files(code))
            if size > LIMIT:
                raise UserError(f"{name} has {size:,} bytes unpacked, and Lambda accepts {LIMIT:,}")
            zipped = write_zip(code, BUILT / f"{name}.zip")
        echo(f"{zipped.relative_to(ROOT)}: {zipped.stat().st_size / 1e6:.0f} MB, {size / 1e6:.0f} MB unpacked")
    return int(Exit.OK)


def install(name: str, machine: str, folder: Path) -> None:
    """Put the packages of a function into the folder, as wheels for Lambda's machine, whatever machine this is."""
    requirements = Path(__file__).with_name(f"{name}.txt")
    chosen = [
        "--only-binary",
        ":all:",
        "--no-deps",
        "--require-hashes",
        "--target",
        str(folder),
        "-r",
        str(requirements),
    ]
    if uv := shutil.which("uv"):
        platform = [f"--python-platform={machine}-{LIBRARIES[0]}", f"--python-version={PYTHON}"]
        command = [uv, "pip", "install", "--quiet", "--link-mode=copy", *platform, *chosen]
    else:
        platforms = [word for library in LIBRARIES for word in ("--platform", f"{library}_{machine}")]
        # pip compares what a package requires with its own Python. The lock is for the Python of the functions.
        version = ["--python-version", PYTHON, "--implementation", "cp", "--ignore-requires-python"]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        command = [*pip, *platforms, *version, *chosen]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UserError(f"the packages of {name} cannot be installed: {' '.join(reason)}; check the network")


def prune(folder: Path) -> None:
    """Delete PRUNED without KEPT."""
    kept = {file for pattern in KEPT for file in folder.glob(pattern)}
    for pattern in PRUNED:
        for found in list(folder.glob(pattern)):
            if found in kept:
                continue
            if found.is_dir():
                shutil.rmtree(found)
            else:
                found.unlink()


def copy_project(name: str, folder: Path) -> None:
    """Add the project's own code: the dbt project goes into `transform` only."""
    for part in ("pipelines", "orchestration", *(["transform"] if name == "transform" else [])):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(*NOT_OURS, *PRIVATE))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write_zip(folder: Path, file: Path) -> Path:
    """Write a zip with the files of the folder. It depends on their names and contents only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    with ZipFile(new, "w", ZIP_DEFLATED) as zipped:
        for path, name in _named(folder):
            entry = ZipInfo(name, MOMENT)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes())
    new.replace(file)
    return file


def _named(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in files(folder):
        yield path, path.relative_to(folder).as_posix()
