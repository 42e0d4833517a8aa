"""DuckDB: dbt builds in a file of its own, and a good build replaces the file that people open."""

from collections.abc import Callable
from pathlib import Path

import duckdb
from dotenv import dotenv_values

from orchestration.exclusions import exclusions
from orchestration.report.console import relative_path
from orchestration.warehouses import marts, published_file
from orchestration.warehouses.dbt import TRANSFORM, BuildResult, Project, Rows, WarehouseBusy
from orchestration.warehouses.published_file import Owner
from pipelines.aws.session import AwsSession
from pipelines.raw.duckdb_form import OLDEST_FORM
from pipelines.settings import ROOT, Settings
from pipelines.settings.folders import is_writable

# dbt reads the .env file of the folder that it runs in.
DBT_ENV = TRANSFORM / ".env"
HEADER = (
    "# Written by `make elt` and `make build`: dbt, typed by hand in this folder, uses the same lake and build file.\n"
)


class DuckDBFile:
    """`file` is the file that people open, `build_file` the one that dbt writes. The build file can be made again."""

    def __init__(self, settings: Settings) -> None:
        self.file: Path = settings.duckdb_path
        # Each lake has its own build file, so that two lakes can be built at the same time.
        self.build_file = settings.scratch_dir / "dbt" / f"build_{settings.working_dir.name}.duckdb"
        self._settings = settings

    def __str__(self) -> str:
        return str(self.file)

    @property
    def project(self) -> Project:
        return Project(
            target="dev",
            work_dir=self._settings.scratch_dir / "dbt",
            variables={
                "duckdb_path": str(self.build_file),
                "lake_url": self._settings.lake_url,
                "time_zone": self._settings.time_zone,
                "exclusions": exclusions(self._settings),
                "aws_region": self._settings.region,
                "s3_endpoint_url": self._settings.s3_endpoint_url,
            },
        )

    def check(self) -> None:
        """Raise BadSetting when DUCKDB_PATH is a folder or EXCLUSIONS_FILE is malformed. Needs no lake."""
        exclusions(self._settings)
        published_file.check_address(self.file)

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """Check the file that a build would replace, and write the addresses of build file and lake for plain dbt.

        Raises WarehouseUnusable when the file holds tables of another account, of another lake, or of the user.
        """
        self.build_file.parent.mkdir(parents=True, exist_ok=True)
        published_file.check_replaceable(self.file, self._owner(accounts), self.build_file.parent)
        self._drop_unreadable_build_file()
        self._write_dbt_env()

    def publish(self, built: BuildResult, accounts: Callable[[], list[str]]) -> str:
        """Replace the file after a good build of all marts. Otherwise return a sentence about where the tables are."""
        file, build_file = relative_path(str(self.file)), relative_path(str(self.build_file))
        if built.is_ok and built.is_whole:
            published_file.replace(self.file, self.build_file, self._owner(accounts()), marts.declared())
            return ""
        if built.is_ok:
            return f"built in {build_file} only; `make build` without a selection replaces {file}"
        kept = f"{file} keeps the tables of the last good build" if self.file.exists() else f"{file} was not made"
        return f"{kept}; what this build made is in {build_file}"

    def rows(self, question: str) -> Rows:
        with duckdb.connect(str(self.build_file), read_only=True) as db:
            return db.execute(question).fetchall()

    def _owner(self, accounts: list[str]) -> Owner:
        return Owner(frozenset(accounts), published_file.address_of(self._settings.lake_url))

    def _drop_unreadable_build_file(self) -> None:
        """Delete a build file that cannot be read, for instance after a power cut: dbt makes it again."""
        if not self.build_file.exists():
            return
        try:
            duckdb.connect(str(self.build_file), config=OLDEST_FORM).close()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            if "lock" in reason:
                raise WarehouseBusy(
                    f"{self.build_file} is open in another program; close it and run `make build` ({reason})"
                ) from None
            for file in (self.build_file, self.build_file.with_name(f"{self.build_file.name}.wal")):
                file.unlink(missing_ok=True)

    def _write_dbt_env(self) -> None:
        """Write transform/.env for plain dbt, unless this command alone chose a DuckDB file outside the project.

        Where the code may not be written, nobody types dbt in its folder: a container, a Lambda function.
        """
        if not is_writable(TRANSFORM):
            return
        if not self.file.is_relative_to(ROOT) and "DUCKDB_PATH" not in dotenv_values(ROOT / ".env"):
            return
        values = {
            "DUCKDB_BUILD_FILE": self.build_file,
            "LAKE_URL": self._settings.lake_url,
            "TIME_ZONE": self._settings.time_zone,
            "EXCLUSIONS": exclusions(self._settings),
            "AWS_REGION": self._settings.region,
            "AWS_DEFAULT_REGION": self._settings.region,
            "S3_ENDPOINT_URL": self._settings.s3_endpoint_url,
            "GLUE_PREFIX": self._settings.glue_prefix,
            "ATHENA_WORK_GROUP": self._settings.work_group,
        }
        lines = "".join(f"{name}={_quoted(str(value))}\n" for name, value in values.items() if str(value))
        DBT_ENV.write_text(HEADER + lines, encoding="utf-8")


def _quoted(value: str) -> str:
    """A value as python-dotenv reads it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
