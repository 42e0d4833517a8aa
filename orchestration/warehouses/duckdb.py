"""DuckDB: the marts are tables in one file."""

from pathlib import Path

import duckdb
from dotenv import dotenv_values

from orchestration.warehouses.dbt import TRANSFORM, Project, Rows, WarehouseBusy, WarehouseUnusable
from pipelines.aws.session import AwsSession
from pipelines.settings import ROOT, Settings

# dbt reads the .env file of the folder that it runs in.
DBT_ENV = TRANSFORM / ".env"
HEADER = "# Written by `make elt` and `make build`: dbt, typed by hand in this folder, uses the same lake and tables.\n"


class DuckDBFile:
    def __init__(self, settings: Settings) -> None:
        self.file: Path = settings.duckdb_path
        self._settings = settings

    def __str__(self) -> str:
        return str(self.file)

    @property
    def project(self) -> Project:
        return Project(
            target="dev",
            work_dir=self._settings.work_dir / "dbt",
            variables={
                "duckdb_path": str(self.file),
                "lake_url": self._settings.lake_url,
                "time_zone": self._settings.time_zone,
                "aws_region": self._settings.region,
                "s3_endpoint_url": self._settings.s3_endpoint_url,
            },
        )

    def prepare(self, accounts: list[str], aws: AwsSession) -> None:
        """Write the account into a new file, and write the addresses of the file and the lake for plain dbt.

        Raises WarehouseUnusable for the file of another account, and for a file that is not a DuckDB file.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with _opened(self.file) as db:
            db.execute("create table if not exists main.made_for (account varchar)")
            found = {row[0] for row in db.execute("select account from main.made_for").fetchall()}
            if not found and accounts:
                db.execute("insert into main.made_for select unnest(?)", [accounts])
            elif found and accounts and not found & set(accounts):
                raise WarehouseUnusable(
                    f"{self.file} holds the tables of another Spotify account; set DUCKDB_PATH to another file"
                )
        self._write_dbt_env()

    def rows(self, mart: str, order_by: str) -> Rows:
        with _opened(self.file, read_only=True) as db:
            return db.execute(f"select * from marts.{mart} order by {order_by}").fetchall()

    def _write_dbt_env(self) -> None:
        """Write transform/.env for plain dbt, unless this command alone chose a DuckDB file outside the project."""
        if not self.file.is_relative_to(ROOT) and "DUCKDB_PATH" not in dotenv_values(ROOT / ".env"):
            return
        values = {
            "DUCKDB_PATH": self.file,
            "LAKE_URL": self._settings.lake_url,
            "TIME_ZONE": self._settings.time_zone,
            "AWS_REGION": self._settings.region,
            "AWS_DEFAULT_REGION": self._settings.region,
            "S3_ENDPOINT_URL": self._settings.s3_endpoint_url,
            "GLUE_PREFIX": self._settings.glue_prefix,
            "ATHENA_WORK_GROUP": self._settings.work_group,
        }
        lines = "".join(f"{name}='{value}'\n" for name, value in values.items() if str(value))
        DBT_ENV.write_text(HEADER + lines, encoding="utf-8")


def _opened(file: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), read_only=read_only)
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason:
            raise WarehouseBusy(
                f"{file} is open in another program; close it and run `make build` ({reason})"
            ) from None
        raise WarehouseUnusable(
            f"{file} is not a DuckDB file of this version; move it away, and `make build` makes a new one ({reason})"
        ) from None
