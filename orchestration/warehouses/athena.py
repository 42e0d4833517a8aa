"""Athena: the marts are tables in Glue. Their files are in the lake's bucket, so they belong to the lake's account."""

import re
from collections.abc import Callable

from orchestration.exclusions import exclusions
from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import BuildResult, Project, Rows
from pipelines.aws.session import AwsSession
from pipelines.settings import Settings
from pipelines.sources import SOURCES


class Athena:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __str__(self) -> str:
        return f"Athena database {self._settings.glue_prefix}_marts, work group {self._settings.work_group}"

    @property
    def project(self) -> Project:
        return Project(
            target="prod",
            work_dir=self._settings.scratch_dir / "dbt",
            variables={
                "lake_url": self._settings.lake_url,
                "time_zone": self._settings.time_zone,
                "exclusions": exclusions(self._settings),
                "aws_region": self._settings.region,
                "glue_prefix": self._settings.glue_prefix,
                "athena_work_group": self._settings.work_group,
            },
        )

    def check(self) -> None:
        """Raise BadSetting when EXCLUSIONS_FILE is malformed. `prepare` reports what AWS refuses."""
        exclusions(self._settings)

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """Create the raw tables in Glue. Raises the errors of `pipelines.aws.glue.register`."""
        from pipelines.aws.glue import register

        tables = {source.name: source.tables.values() for source in SOURCES}
        register(tables, self._settings.lake_url, self._settings.glue_prefix, aws)

    def publish(self, built: BuildResult, accounts: Callable[[], list[str]]) -> str:
        """Nothing: dbt replaces each table in Glue as soon as it is built."""
        return ""

    def rows(self, question: str) -> Rows:
        return dbt.show(self.project, in_refs(question))


def in_refs(question: str) -> str:
    """The question as dbt reads it: `marts.fct_plays` becomes a ref()."""
    return re.sub(r"\bmarts\.(\w+)", r"{{ ref('\1') }}", question)
