"""Airflow in its own environment, as `make airflow` makes it, with a database in a temporary folder."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestration.exit_codes import UserError
from orchestration.verbs import airflow as verb
from pipelines.settings import Settings, load_settings


class Airflow:
    """`run("dags", "test", "spotify_build")` runs a command of Airflow on the demo account in a folder of its own."""

    def __init__(self, program: Path, folder: Path, **settings: str) -> None:
        self.program, self.folder = program, folder
        self.settings = {
            "LAKE_URL": str(folder / "lake"),
            "DUCKDB_PATH": str(folder / "spotify.duckdb"),
            "WORK_DIR": str(folder / "work"),
            **settings,
        }
        self.environment = verb.variables(folder / "airflow") | self.settings
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        verb.write_manifest(self.loaded(), folder / "airflow")
        self.run("db", "migrate")

    def loaded(self, **changes: str) -> Settings:
        """The settings of the tasks."""
        return load_settings(self.settings | changes, self.folder)

    def run(self, *words: str) -> str:
        """Run a command and return what it printed. The test fails with this text when the command fails."""
        done = subprocess.run(
            [self.program, *words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            pytest.fail(done.stdout)
        return done.stdout


@pytest.fixture(scope="session")
def program() -> Path:
    """The command `airflow`. The packages stay in the environment of the project, for the next time."""
    try:
        return verb.installed()
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
