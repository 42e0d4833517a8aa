"""Runs Terraform with an AWS provider that is already on this machine. Downloads nothing."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

CONFIGURATION = Path(__file__).resolve().parents[2] / "orchestration" / "terraform"
LOCAL_FILES = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "__pycache__")
PROVIDER = "registry.terraform.io/hashicorp/aws"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def target() -> str:
    """This machine in Terraform's notation, for instance linux_amd64."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{ARCHITECTURES.get(machine, machine)}"


def provider_folders() -> Iterator[Path]:
    """Folders that may hold providers: first those in environment variables, then the usual ones."""
    for name in ("TERRAFORM_PROVIDERS", "TF_PLUGIN_CACHE_DIR"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    yield CONFIGURATION / ".terraform" / "providers"
    for folder in (".terraform.d/plugins", ".terraform.d/plugin-cache", ".local/share/terraform/plugins"):
        yield Path.home() / folder
    for folder in ("usr/local/share/terraform", "usr/share/terraform", "opt"):
        yield from sorted(Path("/", folder).glob("*/"))


def find_provider() -> Path:
    """The first folder with an AWS provider for this machine, as a folder or as a zip file.

    Without Terraform or the provider the test is skipped. Where CI is set it fails, unless TERRAFORM_IS_OPTIONAL is set
    too: a machine that reaches package indexes only cannot fetch the provider.
    """
    is_required = os.environ.get("CI") and not os.environ.get("TERRAFORM_IS_OPTIONAL")
    missing = pytest.fail if is_required else pytest.skip
    if shutil.which("terraform") is None:
        missing("terraform is not installed: https://developer.hashicorp.com/terraform/install")
    for folder in provider_folders():
        versions = folder / PROVIDER
        if any(versions.glob(f"*/{target()}/")) or any(versions.glob(f"*_{target()}.zip")):
            return folder
    missing(
        "this machine has no AWS provider: `terraform -chdir=orchestration/terraform init` downloads one, "
        "or set TERRAFORM_PROVIDERS to a folder that contains registry.terraform.io/hashicorp/aws"
    )


def write_zips(folder: Path) -> None:
    """Zips with functions that do nothing. The real ones take a minute to make and a minute to upload."""
    folder.mkdir()
    for name in ("extract", "transform"):
        with ZipFile(folder / f"{name}.zip", "w") as zipped:
            zipped.writestr(f"orchestration/aws_lambda/{name}.py", "def handler(event, context):\n    return event\n")


class Terraform:
    """A copy of the configuration with its own state, initialised."""

    def __init__(self, folder: Path, providers: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder / "terraform"
        shutil.copytree(CONFIGURATION, self.folder, ignore=LOCAL_FILES)
        write_zips(self.folder / "zips")
        settings = folder / "terraform.rc"
        settings.write_text(
            "disable_checkpoint = true\n"
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{providers}"\n  }}\n}}\n'
        )
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        self.environment = (
            inherited | {"TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1"} | dict(environment or {})
        )
        self.must("init", "-input=false")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command; its stdout also carries what it writes to stderr."""
        verb, *options = words
        return subprocess.Popen(
            ["terraform", verb, *(["-no-color"] if verb != "fmt" else []), *options],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; returns its exit code and its output."""
        with self.start(*words) as process:
            output, _ = process.communicate()
        return process.returncode, output

    def must(self, *words: str) -> str:
        """Run a command that must succeed; returns its output. Fails the test if the exit code is not 0."""
        code, output = self.run(*words)
        assert code == 0, output[-3000:]
        return output

    @property
    def state(self) -> str:
        file = self.folder / "terraform.tfstate"
        return file.read_text() if file.exists() else ""
