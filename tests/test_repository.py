"""Rules for all files of the repository."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pipelines.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCK = (ROOT / "requirements.lock").read_text().replace("\\\n", " ").splitlines()


def files(*suffixes: str) -> list[Path]:
    """The files that git tracks, or would track after `git add .`."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    found = [ROOT / name for name in names if name]
    return [file for file in found if file.is_file() and (not suffixes or file.suffix in suffixes)]


def lines_matching(pattern: str) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}: {line.strip()[:100]}"
        for file in files()
        for line in file.read_text(errors="replace").splitlines()
        if re.search(pattern, line)
    ]


def imported_by(file: Path) -> Iterator[str]:
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*start, *filter(None, [node.module])])
            yield from (f"{module}.{name.name}" for name in node.names)


def test_no_file_names_a_package_index() -> None:
    assert not lines_matching(r"--(extra-)?index[-]url|--find[-]links|\w/simple[/]|py(pi|thonhosted)\.org")


def test_no_file_contains_the_path_of_a_home_folder() -> None:
    assert not lines_matching(r"(?<![\w.}])/(home|Users|root)/\w")


def test_no_file_is_above_500_kilobytes() -> None:
    assert not [file for file in files() if file.stat().st_size > 500_000]


@pytest.mark.parametrize(("suffix", "most"), [(".py", 220), (".sql", 130)])
def test_no_file_is_longer_than_its_limit(suffix: str, most: int) -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files(suffix)}
    assert not {name: length for name, length in lengths.items() if length > most}


def test_no_file_has_a_name_without_meaning() -> None:
    assert not [file for file in files() if re.match(r"(utils?|helpers?|common|misc)\b", file.name)]


def test_every_dependency_has_a_comment_with_its_purpose() -> None:
    lists = re.findall(r"^(?:dependencies|elt|dev) = \[\n(.*?)^\]", PYPROJECT, re.DOTALL | re.MULTILINE)
    assert len(lists) == 3
    assert not [line for part in lists for line in part.splitlines() if not re.search(r'",\s+# \w', line)]


def test_every_locked_package_has_a_hash() -> None:
    pinned = [line for line in LOCK if "==" in line]
    assert pinned
    assert not [line for line in pinned if "--hash=sha256:" not in line]


def test_the_lock_file_leaves_out_the_parser_that_downloads_a_binary() -> None:
    assert not [line for line in LOCK if "experimental-parser" in line]


def test_the_lock_file_has_every_dependency_of_the_project() -> None:
    project = tomllib.loads(PYPROJECT)
    extras = project["project"]["optional-dependencies"].values()
    asked = map(Requirement, sum(extras, project["project"]["dependencies"] + project["dependency-groups"]["dev"]))
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", "\n".join(LOCK).lower(), re.MULTILINE))
    assert not [str(one) for one in asked if locked.get(one.name.lower(), "none") not in one.specifier]


def test_the_example_of_settings_has_exactly_the_declared_names() -> None:
    example = (ROOT / ".env.example").read_text()
    assert re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE) == [setting.name for setting in SETTINGS]


def test_no_other_package_imports_the_demo_server() -> None:
    demo = ROOT / "pipelines" / "demo"
    for file in files(".py"):
        if demo not in file.parents and ROOT / "tests" not in file.parents:
            assert not [name for name in imported_by(file) if name.startswith("pipelines.demo")], file
