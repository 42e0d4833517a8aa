"""Every name a person may set; the one place that reads the environment."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import values as value
from pipelines.aws.parameter_store import TokenParameter
from pipelines.values import DEMO_START, SETTINGS, BadSetting, Setting

__all__ = [
    "SETTINGS",
    "BadSetting",
    "Setting",
    "Settings",
    "connected",
    "export",
    "inherited",
    "load",
    "provide",
]

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """The checked values of one run. Times are naive UTC."""

    client_id: str
    client_secret: str
    refresh_token: str
    consented_at: dt.datetime | None
    token_file: Path | TokenParameter
    api_url: str
    accounts_url: str
    redirect_port: int
    lake_url: str
    duckdb_path: Path
    target: str
    region: str
    work_group: str
    glue_prefix: str
    max_calls: int | None
    time_zone: str
    demo_now: dt.datetime | None
    demo_days: int
    is_demo: bool
    now: dt.datetime

    @property
    def data_dir(self) -> Path:
        return self.duckdb_path.parent

    @property
    def working_dir(self) -> Path:
        """This machine's own folder for the lake: two lakes under one pipeline name would share cursors."""
        return self.data_dir / "dlt" / hashlib.sha256(self.lake_url.encode()).hexdigest()[:8]

    @property
    def is_in_cloud(self) -> bool:
        return self.lake_url.startswith("s3://") or isinstance(self.token_file, TokenParameter)


def load(environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """Read and check every setting. Raises BadSetting."""
    environment = os.environ if environment is None else environment
    values = value.find(SETTINGS, environment, root)
    token_file = _token_file(values["SPOTIFY_TOKEN_FILE"] or "data/spotify_token.json", root)
    is_named = values["SPOTIFY_TOKEN_FILE"] not in ("", "data/spotify_token.json")
    hides_file = values["SPOTIFY_TOKEN_FILE"] == ""
    is_own = bool(values["SPOTIFY_CLIENT_ID"]) or is_named or (token_file.exists() and not hides_file)
    if values["SPOTIFY_REFRESH_TOKEN"] and not is_own:
        raise BadSetting("SPOTIFY_REFRESH_TOKEN is set but SPOTIFY_CLIENT_ID is not; a token belongs to one client id")
    home = root / "data" if is_own else root / "data" / "demo"
    return Settings(
        client_id=values["SPOTIFY_CLIENT_ID"],
        client_secret=values["SPOTIFY_CLIENT_SECRET"],
        refresh_token=values["SPOTIFY_REFRESH_TOKEN"],
        consented_at=value.time("SPOTIFY_CONSENTED_AT", values),
        token_file=token_file,
        api_url=value.address("SPOTIFY_API_URL", values),
        accounts_url=value.address("SPOTIFY_ACCOUNTS_URL", values),
        redirect_port=value.whole("SPOTIFY_REDIRECT_PORT", values, least=1, most=65535) or 8974,
        lake_url=value.lake(values["LAKE_URL"] or str(home / "lake"), root),
        duckdb_path=root / (values["DUCKDB_PATH"] or home / "spotify.duckdb"),
        target=value.target(values),
        region=value.region(values, environment.get("AWS_DEFAULT_REGION")),
        work_group=values["ATHENA_WORK_GROUP"],
        glue_prefix=value.glue_prefix(values),
        max_calls=value.whole("MAX_CALLS", values, least=1),
        time_zone=value.zone(values),
        demo_now=value.time("DEMO_NOW", values),
        demo_days=value.whole("DEMO_DAYS", values, least=0) or 0,
        is_demo=not is_own,
        now=dt.datetime.now(dt.UTC).replace(tzinfo=None),
    )


def _token_file(value: str, root: Path) -> Path | TokenParameter:
    return TokenParameter(value.removeprefix("ssm:")) if value.startswith("ssm:") else root / value


def inherited(**more: str) -> dict[str, str]:
    """The environment for a program of somebody else's that this process starts."""
    return os.environ | more


@contextmanager
def connected(settings: Settings, last_read_at: Callable[[], dt.datetime | None]) -> Iterator[Settings]:
    """The settings with addresses that answer: for the demo account, those of a server that lives as long as this.

    The invented clock stands DEMO_DAYS after DEMO_NOW. Unless DEMO_NOW is set it never goes back behind the lake's last
    run, so the same command twice is the same day.
    """
    if not settings.is_demo:
        yield settings
        return
    now = (settings.demo_now or DEMO_START) + dt.timedelta(days=settings.demo_days)
    if settings.demo_now is None:
        now = max(now, last_read_at() or now)
    command = [sys.executable, "-m", "pipelines.demo", "--port", "0", "--now", f"{now.isoformat()}Z"]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin and server.stdout
        try:
            addresses = json.loads(server.stdout.readline())
            yield replace(
                settings,
                client_id="demo-client",
                refresh_token="demo-refresh-token",
                api_url=addresses["api_url"],
                accounts_url=addresses["accounts_url"],
                now=now,
            )
        finally:
            server.stdin.close()


def export(settings: Settings) -> None:
    """Put into the environment what libraries read from nowhere else: dlt while it is imported, dbt, botocore."""
    os.environ |= {
        # dlt looks for .dlt/ once, where the process stands unless it is told.
        "DLT_PROJECT_DIR": str(Path(__file__).resolve().parents[1]),
        "LAKE_URL": settings.lake_url,
        "DUCKDB_PATH": str(settings.duckdb_path),
        "TIME_ZONE": settings.time_zone,
    }
    if not settings.is_in_cloud:
        return
    bucket = "/".join(settings.lake_url.split("/")[:3])
    os.environ |= {
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "ATHENA_WORK_GROUP": settings.work_group,
        "ATHENA_RESULTS_URL": f"{bucket}/athena-results/",
        "ATHENA_TABLES_URL": f"{bucket}/tables/",
        "GLUE_PREFIX": settings.glue_prefix,
    }
    # S3 and Athena ask to slow down by 503 and TooManyRequests: wait longer each time, up to 20 s.
    for name, told in (("AWS_RETRY_MODE", "standard"), ("AWS_MAX_ATTEMPTS", "8")):
        os.environ.setdefault(name, told)


_provided: dict[str, Any] = {}


def provide(settings: Settings) -> None:
    """Hand the settings to dlt, as one of its config providers, and export them."""
    export(settings)
    import dlt
    from dlt.common.configuration.providers import CustomLoaderDocProvider

    tree: dict[str, Any] = {
        "sources": {"spotify": {"client_id": settings.client_id, "api_url": settings.api_url}},
        "destination": {"filesystem": {"bucket_url": settings.lake_url}},
    }
    _provided.clear()
    _provided.update(tree)
    if "spotify-elt settings" not in (provider.name for provider in dlt.config.config_providers):
        dlt.config.register_provider(CustomLoaderDocProvider("spotify-elt settings", lambda: _provided))
