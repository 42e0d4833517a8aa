"""Every setting of a run, with its default and description, and what follows from them."""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipelines.raw.clock import as_text, utc_now
from pipelines.settings.conflicts import refuse_conflicts
from pipelines.settings.fields import ADDRESS, TIME, Address, BadSetting, LakeUrl, Time, Zone, setting
from pipelines.settings.folders import work_folder
from pipelines.settings.own_data import has_exports

DEMO_START = dt.datetime(2026, 11, 2, 8)
TOKEN_FILE = "data/spotify_token.json"


class Settings(BaseSettings):
    """The checked values of one run. Times are naive UTC; paths and `lake_url` are absolute."""

    # Without the prefix, environment variables could set the fields at the end, which are not settings.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="SPOTIFY_ELT_", case_sensitive=True)

    client_id: str = setting("SPOTIFY_CLIENT_ID", "", "Client id of your Spotify app.")
    client_secret: str = setting(
        "SPOTIFY_CLIENT_SECRET", "", "Client secret of the app; only runs without `make login` need it.", is_secret=True
    )
    refresh_token: str = setting(
        "SPOTIFY_REFRESH_TOKEN", "", "Refresh token, instead of the token file.", is_secret=True
    )
    consented_at: Time | None = setting(
        "SPOTIFY_CONSENTED_AT",
        None,
        "Day of your consent (YYYY-MM-DD); set it together with SPOTIFY_REFRESH_TOKEN.",
        TIME,
    )
    token_file: str = setting(
        "SPOTIFY_TOKEN_FILE", TOKEN_FILE, "Where `make login` keeps the tokens: a file, or ssm:/name in AWS."
    )
    api_url: Address = setting(
        "SPOTIFY_API_URL", "https://api.spotify.com/v1", "Address of the Web API, with /v1.", ADDRESS
    )
    accounts_url: Address = setting(
        "SPOTIFY_ACCOUNTS_URL",
        "https://accounts.spotify.com",
        "Address of Spotify's accounts service, without a path.",
        ADDRESS,
    )
    redirect_port: Annotated[int, Field(ge=1, le=65535)] = setting(
        "SPOTIFY_REDIRECT_PORT",
        8974,
        "Port of the redirect address http://127.0.0.1:PORT/callback.",
        "it should be a whole number, 1 to 65535",
    )
    lake_url: LakeUrl = setting(
        "LAKE_URL",
        "",
        "The lake: a folder (default data/lake) or s3://bucket/lake.",
        "write it as a folder or as s3://bucket/lake",
    )
    duckdb_path: Path = setting("DUCKDB_PATH", Path(), "The DuckDB file; the default is data/spotify.duckdb.")
    work_dir: Path = setting(
        "WORK_DIR", Path(), "Folder for the working files of dlt and dbt, and for the docs; the default is data."
    )
    on_failure: str = setting(
        "ON_FAILURE",
        "",
        "How `make scheduled` tells you that it needs you: a command, an address such as https://ntfy.sh/my-topic, or "
        "the ARN of an SNS topic; the default is a desktop notification or mail.",
        is_secret=True,
    )
    target: Literal["dev", "prod"] = setting(
        "TARGET", "dev", "dev builds on DuckDB, prod on Athena.", "it should be dev (DuckDB) or prod (Athena)"
    )
    region: Annotated[str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")] = setting(
        "AWS_REGION",
        "",
        "Region of the bucket, Glue and Athena, for instance eu-central-1.",
        "write it as eu-central-1",
    )
    s3_endpoint_url: Annotated[str, StringConstraints(pattern=r"^(https?://.+)?$")] = setting(
        "S3_ENDPOINT_URL",
        "",
        "Address of an S3-compatible storage for the lake, for instance MinIO or Cloudflare R2; not needed for AWS.",
        ADDRESS,
    )
    work_group: str = setting("ATHENA_WORK_GROUP", "spotify-elt", "Athena work group of TARGET=prod.")
    glue_prefix: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")] = setting(
        "GLUE_PREFIX",
        "spotify",
        "Athena uses the Glue databases <prefix>_raw, _staging, _intermediate and _marts.",
        "use lower-case letters, digits and _ only",
    )
    max_calls: Annotated[int, Field(ge=1)] | None = setting(
        "MAX_CALLS",
        None,
        "Most HTTP requests that a run may make; no limit by default.",
        "it should be a whole number, 1 or more",
    )
    time_zone: Zone = setting(
        "TIME_ZONE",
        "UTC",
        "Time zone of days and hours in the marts, for instance Europe/Berlin.",
        "write it as Europe/Berlin",
    )
    exclusions_file: Path = setting(
        "EXCLUSIONS_FILE",
        Path(),
        "CSV file of plays that shall not count (artist,track,from,until); the default is data/exclusions.csv.",
    )
    demo_now: Time | None = setting(
        "DEMO_NOW", None, f"First day of the demo account; the default is {as_text(DEMO_START)}.", TIME
    )
    demo_days: Annotated[int, Field(ge=0)] = setting(
        "DEMO_DAYS",
        0,
        "Days since that first day; the demo clock never goes back.",
        "it should be a whole number, 0 or more",
    )

    # These are not settings of a user: `load_settings` computes them.
    is_demo: bool = True
    has_account: bool = True
    root: Path = Path()
    now: dt.datetime = Field(default_factory=utc_now)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Treat an empty value as the default. Only an empty SPOTIFY_TOKEN_FILE counts: it hides an existing file."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != "" or name == "SPOTIFY_TOKEN_FILE"}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`load_settings` passes the environment as arguments, so that a test or a scheduler can pass another one."""
        return init_settings, dotenv_settings

    @property
    def working_dir(self) -> Path:
        """dlt's working folder for this lake. Two lakes in one folder would share their cursors."""
        return self.scratch_dir / "dlt" / _short_hash(self.lake_url)

    @property
    def scratch_dir(self) -> Path:
        """The work folder, or a folder below the home folder when its path has a sign with a meaning for a library.

        dlt uses the path of its working folder as a template with percent signs. dbt-duckdb reads the path of its
        DuckDB file as a URL, in which # and ? end the path.
        """
        if not set("%#?") & set(os.path.realpath(self.work_dir)):
            return self.work_dir
        return Path.home() / ".cache" / "spotify-elt" / _short_hash(str(self.work_dir))

    @property
    def imports_dir(self) -> Path:
        """Where exports wait for the next run. Those of the demo account have a folder of their own."""
        return self.demo_imports_dir if self.is_demo else self.root / "data" / "imports"

    @property
    def demo_imports_dir(self) -> Path:
        return self.root / "data" / "demo" / "imports"

    @property
    def is_token_in_aws(self) -> bool:
        return self.token_file.startswith("ssm:")

    @property
    def is_in_cloud(self) -> bool:
        return self.lake_url.startswith("s3://") or self.is_token_in_aws

    def located(self, root: Path, is_import: bool = False) -> Self:
        """The settings with absolute paths, `is_demo` and `has_account`. Raises BadSetting when two settings conflict.

        Without an account, a person's data are exports: those that wait or were imported, or that `is_import` brings.
        """
        has_token_file = bool(self.token_file) and (root / self.token_file).exists()
        has_account = bool(self.client_id) or self.token_file not in ("", TOKEN_FILE) or has_token_file
        exports = root / "data" / "imports", root / (self.lake_url or "data/lake")
        is_own = has_account or is_import or has_exports(*exports)
        refuse_conflicts(self, has_account)
        home = root / "data" if is_own else root / "data" / "demo"
        duckdb_path = root / self.duckdb_path if self.duckdb_path.name else home / "spotify.duckdb"
        if "?" in str(duckdb_path):
            raise BadSetting(
                f"DuckDB cannot write {duckdb_path}, because of the question mark; set DUCKDB_PATH to another folder"
            )
        is_on_s3, is_listed = self.lake_url.startswith("s3://"), bool(self.exclusions_file.name)
        return self.model_copy(
            update={
                "token_file": self.token_file if self.is_token_in_aws else str(root / (self.token_file or TOKEN_FILE)),
                "lake_url": self.lake_url if is_on_s3 else str(root / (self.lake_url or home / "lake")),
                "duckdb_path": duckdb_path,
                "work_dir": root / self.work_dir if self.work_dir.name else work_folder(home),
                "exclusions_file": root / self.exclusions_file if is_listed else home / "exclusions.csv",
                "is_demo": not is_own,
                "has_account": has_account or not is_own,
                "root": root,
            }
        )


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
