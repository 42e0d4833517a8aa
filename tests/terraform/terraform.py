"""The Terraform of this machine, with a provider that is on it already: nothing is downloaded."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).resolve().parents[2] / "orchestration" / "terraform"
MADE_BY_USE = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars", "__pycache__")
PROVIDER = "registry.terraform.io/hashicorp/aws"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}


def mirrors() -> Iterator[Path]:
    """Folders that may hold providers: TERRAFORM_PROVIDERS names one, the others are where people and init put them."""
    for name in ("TERRAFORM_PROVIDERS", "TF_PLUGIN_CACHE_DIR"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    yield CONFIGURATION / ".terraform" / "providers"
    for place in (".terraform.d/plugins", ".terraform.d/plugin-cache", ".local/share/terraform/plugins"):
        yield Path.home() / place
    for place in ("usr/local/share/terraform", "usr/share/terraform", "opt"):
        yield from sorted(Path("/", place).glob("*/"))


def mirror() -> Path:
    """The first that holds the AWS provider for this machine, unpacked or packed. Skips the test when none does."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed: https://developer.hashicorp.com/terraform/install")
    machine = platform.machine().lower()
    target = f"{platform.system().lower()}_{MACHINE.get(machine, machine)}"
    for folder in mirrors():
        held = folder / PROVIDER
        if any(held.glob(f"*/{target}/")) or any(held.glob(f"*_{target}.zip")):
            return folder
    pytest.skip(
        "no AWS provider on this machine: `terraform -chdir=orchestration/terraform init` fetches one, "
        "or TERRAFORM_PROVIDERS names a folder that holds registry.terraform.io/hashicorp/aws"
    )


class Terraform:
    """A copy of the configuration with its own state; `must("plan")` gives what was printed."""

    def __init__(self, folder: Path, providers: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder / "terraform"
        shutil.copytree(CONFIGURATION, self.folder, ignore=MADE_BY_USE)
        settings = folder / "terraform.rc"
        settings.write_text(
            "disable_checkpoint = true\n"
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{providers}"\n  }}\n}}\n'
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        self.environment = (
            kept | {"TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1"} | dict(environment or {})
        )
        self.must("init", "-input=false")

    def started(self, *words: str) -> subprocess.Popen[str]:
        """Both streams in one."""
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
        """How it ended and what was printed."""
        with self.started(*words) as process:
            printed, _ = process.communicate()
        return process.returncode, printed

    def must(self, *words: str) -> str:
        """What was printed; fails the test when it ended badly."""
        code, printed = self.run(*words)
        assert code == 0, printed[-3000:]
        return printed

    @property
    def state(self) -> str:
        file = self.folder / "terraform.tfstate"
        return file.read_text() if file.exists() else ""
