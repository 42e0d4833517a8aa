"""Every name a person may set; the one place that reads the environment."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import values as value
from pipelines.values import INVENTED_NOW, SETTINGS, BadSetting, Setting

__all__ = ["SETTINGS", "BadSetting", "Setting", "Settings", "connected", "load", "provide"]

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """The checked values of one run. Times are naive UTC."""

    client_id: str
    client_secret: str
    refresh_token: str
    consented_at: dt.datetime | None
    token_file: Path
    api_url: str
    accounts_url: str
    redirect_port: int
    lake_url: str
    duckdb_path: Path
    target: str
    max_calls: int | None
    time_zone: str
    demo_now: dt.datetime | None
    demo_days: int
    is_invented: bool
    now: dt.datetime

    @property
    def data_dir(self) -> Path:
        return self.duckdb_path.parent


def load(environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """Read and check every setting. Raises BadSetting."""
    values = value.find(SETTINGS, os.environ if environment is None else environment, root)
    token_file = root / (values["SPOTIFY_TOKEN_FILE"] or "data/spotify_token.json")
    is_named = values["SPOTIFY_TOKEN_FILE"] not in ("", "data/spotify_token.json")
    hides_file = values["SPOTIFY_TOKEN_FILE"] == ""
    is_own = bool(values["SPOTIFY_CLIENT_ID"]) or is_named or (token_file.exists() and not hides_file)
    if values["SPOTIFY_REFRESH_TOKEN"] and not is_own:
        raise BadSetting("SPOTIFY_REFRESH_TOKEN is set but SPOTIFY_CLIENT_ID is not; a token belongs to one client id")
    home = root / "data" if is_own else root / "data" / "invented"
    if values["TARGET"] != "dev":
        raise BadSetting(f"TARGET is {values['TARGET']!r}; this version builds on DuckDB only: TARGET=dev")
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
        target=values["TARGET"],
        max_calls=value.whole("MAX_CALLS", values, least=1),
        time_zone=value.zone(values),
        demo_now=value.time("DEMO_NOW", values),
        demo_days=value.whole("DEMO_DAYS", values, least=0) or 0,
        is_invented=not is_own,
        now=dt.datetime.now(dt.UTC).replace(tzinfo=None),
    )


@contextmanager
def connected(settings: Settings, last_read_at: dt.datetime | None) -> Iterator[Settings]:
    """The settings with addresses that answer: for the invented listener, those of a server that lives as long as this.

    The invented clock stands DEMO_DAYS after DEMO_NOW. Unless DEMO_NOW is set it never goes back behind the lake's last
    run, so the same command twice is the same day.
    """
    if not settings.is_invented:
        yield settings
        return
    now = (settings.demo_now or INVENTED_NOW) + dt.timedelta(days=settings.demo_days)
    if settings.demo_now is None and last_read_at:
        now = max(now, last_read_at)
    command = [sys.executable, "-m", "pipelines.demo", "--port", "0", "--now", f"{now.isoformat()}Z"]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin and server.stdout
        try:
            addresses = json.loads(server.stdout.readline())
            yield replace(
                settings,
                client_id="invented-listener",
                refresh_token="invented-refresh-token",
                api_url=addresses["api_url"],
                accounts_url=addresses["accounts_url"],
                now=now,
            )
        finally:
            server.stdin.close()


_provided: dict[str, Any] = {}


def provide(settings: Settings) -> None:
    """Hand the settings to dlt, as one of its config providers, and to dbt, which reads only the environment."""
    # Before dlt is imported: it looks for .dlt/ once, where the process stands unless it is told.
    os.environ |= {
        "DLT_PROJECT_DIR": str(Path(__file__).resolve().parents[1]),
        "LAKE_URL": settings.lake_url,
        "DUCKDB_PATH": str(settings.duckdb_path),
        "TIME_ZONE": settings.time_zone,
    }
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
