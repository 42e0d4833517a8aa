"""The settings by name: where each value is found, what it must look like."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values


class BadSetting(Exception):
    """A setting is missing or malformed; the message names it and says what to do."""


@dataclass(frozen=True)
class Setting:
    """A friendly name, dlt's own name for the same value where it has one, and what it means."""

    name: str
    default: str
    description: str
    dlt_name: str = ""


DEMO_START = dt.datetime(2026, 11, 2, 8)

SETTINGS = (
    Setting("SPOTIFY_CLIENT_ID", "", "Client id of your Spotify app.", "sources.spotify.client_id"),
    Setting(
        "SPOTIFY_CLIENT_SECRET", "", "Its secret, for runs without `make login` only.", "sources.spotify.client_secret"
    ),
    Setting("SPOTIFY_REFRESH_TOKEN", "", "Refresh token, instead of the token file.", "sources.spotify.refresh_token"),
    Setting("SPOTIFY_CONSENTED_AT", "", "Day you consented (YYYY-MM-DD), beside SPOTIFY_REFRESH_TOKEN."),
    Setting(
        "SPOTIFY_TOKEN_FILE",
        "data/spotify_token.json",
        "Where `make login` keeps its tokens: a file, or ssm:/name in AWS.",
    ),
    Setting("SPOTIFY_API_URL", "https://api.spotify.com/v1", "The Web API, with /v1.", "sources.spotify.api_url"),
    Setting("SPOTIFY_ACCOUNTS_URL", "https://accounts.spotify.com", "The accounts service, no path."),
    Setting("SPOTIFY_REDIRECT_PORT", "8974", "Port of the redirect address http://127.0.0.1:PORT/callback."),
    Setting(
        "LAKE_URL",
        "",
        "The lake: a folder, data/lake by default, or s3://bucket/lake.",
        "destination.filesystem.bucket_url",
    ),
    Setting("DUCKDB_PATH", "", "The DuckDB file; data/spotify.duckdb by default."),
    Setting("TARGET", "dev", "dev builds on DuckDB, prod on Athena."),
    Setting("AWS_REGION", "", "Region of bucket, Glue and Athena, for instance eu-central-1."),
    Setting("ATHENA_WORK_GROUP", "spotify-elt", "Athena work group of TARGET=prod."),
    Setting("GLUE_PREFIX", "spotify", "Its Glue databases are <prefix>_raw, _staging, _intermediate, _marts."),
    Setting("MAX_CALLS", "", "Most HTTP requests a run may make; no bound by default."),
    Setting("TIME_ZONE", "UTC", "Zone of days and hours in the marts, for instance Europe/Berlin."),
    Setting("DEMO_NOW", "", f"The demo account's first day; {DEMO_START:%Y-%m-%d %H:%M} UTC by default."),
    Setting("DEMO_DAYS", "0", "Days since then; the clock never goes back by itself."),
)


def find(settings: Iterable[Setting], environment: Mapping[str, str], root: Path) -> dict[str, str]:
    """Friendly name, dlt's name, .env, .dlt/secrets.toml, default: the first that is there, an empty one included."""
    try:
        dotenv = {name: value or "" for name, value in dotenv_values(root / ".env").items()}
    except UnicodeDecodeError as error:
        raise BadSetting(f"{root / '.env'} is not readable as UTF-8: {error}") from error
    secrets = _secrets(root / ".dlt" / "secrets.toml")
    found = {}
    for setting in settings:
        dlt_env = setting.dlt_name.upper().replace(".", "__")
        places = (
            environment.get(setting.name),
            environment.get(dlt_env) if dlt_env else None,
            dotenv.get(setting.name),
            secrets.get(setting.dlt_name),
        )
        value = next((value for value in places if value is not None), setting.default).strip()
        # Empty means the default, except that an emptied SPOTIFY_TOKEN_FILE hides the file that is there.
        found[setting.name] = value or ("" if setting.name == "SPOTIFY_TOKEN_FILE" else setting.default)
    return found


def _secrets(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} is not readable as TOML: {error}") from error


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        pairs += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(f"{prefix}{name}", str(value))]
    return pairs


def lake(value: str, root: Path) -> str:
    if value.startswith("s3://"):
        bucket = value.removeprefix("s3://").partition("/")[0]
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
            raise BadSetting(f"LAKE_URL is {value}; write it as s3://bucket/lake")
        return value.rstrip("/")
    if "://" in value and not value.startswith("file://"):
        raise BadSetting(f"LAKE_URL is {value}; give a folder or s3://bucket/lake")
    return str(root / value.removeprefix("file://"))


def target(values: Mapping[str, str]) -> str:
    if values["TARGET"] not in ("dev", "prod"):
        raise BadSetting(f"TARGET is {values['TARGET']!r}; it should be dev (DuckDB) or prod (Athena)")
    if values["TARGET"] == "prod" and not values["LAKE_URL"].startswith("s3://"):
        raise BadSetting("TARGET is 'prod', and Athena reads S3 only: set LAKE_URL=s3://bucket/lake (`make infra`)")
    return values["TARGET"]


def region(values: Mapping[str, str], default: str | None) -> str:
    found = values["AWS_REGION"] or default or ""
    if found and not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", found):
        raise BadSetting(f"AWS_REGION is {found!r}; write it as eu-central-1")
    if not found and (values["LAKE_URL"].startswith("s3://") or values["SPOTIFY_TOKEN_FILE"].startswith("ssm:")):
        raise BadSetting("AWS_REGION is not set; write the region of your bucket into .env: AWS_REGION=eu-central-1")
    return found


def glue_prefix(values: Mapping[str, str]) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", values["GLUE_PREFIX"]):
        raise BadSetting(f"GLUE_PREFIX is {values['GLUE_PREFIX']!r}; lower-case letters, digits and _ only")
    return values["GLUE_PREFIX"]


def address(name: str, values: Mapping[str, str]) -> str:
    value = values[name].rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise BadSetting(f"{name} is {value!r}; it should start with http:// or https://")
    return value


def whole(name: str, values: Mapping[str, str], least: int, most: int | None = None) -> int | None:
    if not values[name]:
        return None
    number = int(values[name]) if values[name].isdecimal() else None
    if number is None or number < least or (most is not None and number > most):
        bounds = f"{least} or more" if most is None else f"{least} to {most}"
        raise BadSetting(f"{name} is {values[name]!r}; it should be a whole number, {bounds}")
    return number


def time(name: str, values: Mapping[str, str]) -> dt.datetime | None:
    if not values[name]:
        return None
    try:
        moment = dt.datetime.fromisoformat(values[name])
    except ValueError as error:
        raise BadSetting(f"{name} is {values[name]!r}; write it as 2026-11-02 or 2026-11-02T08:00:00Z") from error
    return naive_utc(moment)


def naive_utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def zone(values: Mapping[str, str]) -> str:
    try:
        ZoneInfo(values["TIME_ZONE"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"TIME_ZONE is {values['TIME_ZONE']!r}; write it as Europe/Berlin") from error
    return values["TIME_ZONE"]
