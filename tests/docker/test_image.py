"""The Dockerfile and the compose file name what exists, and agree with each other and with the docs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from orchestration.cli import _parsed
from orchestration.verb_table import VERBS
from pipelines.settings import ROOT

FOLDER = ROOT / "orchestration" / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "orchestration.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_the_compose_file_fits_the_schema_of_compose_files() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    command = [str(check), "--builtin-schema", "vendor.compose-spec", str(FOLDER / "compose.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_service_runs_a_verb_with_options_that_exist() -> None:
    for service in SERVICES.values():
        assert _parsed(service["command"])[0] in VERBS


def test_the_health_check_runs_the_program_of_the_image() -> None:
    (program,) = re.findall(r'ENTRYPOINT \["(.*)"\]', DOCKERFILE)
    for service in SERVICES.values():
        assert service["healthcheck"]["test"][:2] == ["CMD", program]
        assert _parsed(service["healthcheck"]["test"][2:])[1] == {"check": True}


def test_the_only_volume_is_the_folder_that_docs_and_dockerfile_name() -> None:
    (volume,) = re.findall(r"^VOLUME (.*)$", DOCKERFILE, re.MULTILINE)
    for service in SERVICES.values():
        ((host, target),) = (entry.split(":") for entry in service["volumes"])
        assert (FOLDER / host).resolve() == ROOT / "data"
        assert target == volume
    named = re.findall(r'-v "\$PWD/(\S+):(\S+)"', PAGE + README + DOCKERFILE)
    assert named
    assert set(named) == {("data", volume)}


def test_the_build_reads_the_repository_and_this_dockerfile() -> None:
    for service in SERVICES.values():
        context = (FOLDER / service["build"]["context"]).resolve()
        assert context == ROOT
        assert context / service["build"]["dockerfile"] == FOLDER / "Dockerfile"
        (secrets,) = service["env_file"]
        assert (FOLDER / secrets["path"]).resolve() == ROOT / ".env"
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "data", ".venv"} <= set(ignored)


def test_commands_of_docker_in_the_docs_name_services_and_verbs_that_exist() -> None:
    lines = [line.removeprefix("$ ") for line in (PAGE + README).splitlines() if line.startswith("$ docker ")]
    assert len(lines) > 6
    for line in lines:
        words = shlex.split(line, comments=True)
        if "compose" in words:
            assert (ROOT / words[words.index("-f") + 1]) == FOLDER / "compose.yaml"
            rest = words[words.index("-f") + 2 :]
            named = [word for word in rest[1:] if not word.startswith("-")]
            assert not named or named[0] in SERVICES, line
            if rest[0] == "run":
                assert named[1] in VERBS, line
        if words[1] == "run":
            assert _parsed(words[words.index("spotify-elt") + 1 :])[0] in VERBS, line
