"""What every engine offers to a run, and the choice between them. Each engine has a file in this folder."""

from collections.abc import Callable
from typing import Protocol

from orchestration.warehouses.dbt import BuildResult, Project, Rows
from pipelines.aws.session import AwsSession
from pipelines.settings import Settings


class Warehouse(Protocol):
    """One engine with its tables. `str()` gives its address for messages."""

    @property
    def project(self) -> Project:
        """The dbt project with the values that this engine needs."""

    def check(self) -> None:
        """Raise BadSetting for an address that no build can use. Called before a load."""

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """Create what dbt needs before it runs, for instance the raw tables in Glue.

        `accounts` are the hashed ids of the lake's account, `aws` makes the connections to AWS.
        """

    def publish(self, built: BuildResult, accounts: Callable[[], list[str]]) -> str:
        """Give the tables of a good build to readers. Returns a sentence for the user when they do not get them.

        `accounts` reads the hashed ids of the lake's account.
        """

    def rows(self, question: str) -> Rows:
        """The rows of a select on marts, which it names `marts.<name>`."""


def of(settings: Settings) -> Warehouse:
    if settings.target == "prod":
        from orchestration.warehouses.athena import Athena

        return Athena(settings)
    from orchestration.warehouses.duckdb import DuckDBFile

    return DuckDBFile(settings)
