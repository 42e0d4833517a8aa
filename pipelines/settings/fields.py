"""How one setting is declared: its name, its form, and the types that check it."""

import datetime as dt
import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from pipelines.raw.clock import naive_utc


class BadSetting(Exception):
    """A setting is missing or malformed. The message names it and says how to write it."""


def setting(name: str, default: Any, description: str, form: str = "", is_secret: bool = False) -> Any:
    """A field that is read from `name`. `form` says how to write a value; the repr does not show a secret."""
    extra: dict[str, Any] = {"form": form}
    return Field(default, validation_alias=name, description=description, json_schema_extra=extra, repr=not is_secret)


def _utc(written: Any) -> Any:
    return naive_utc(dt.datetime.fromisoformat(written)) if isinstance(written, str) else written


def checked_zone(name: str) -> str:
    """The name of a zone that Python and DuckDB know. Raises ValueError.

    DuckDB has zones of its own: without `posix/Europe/Berlin`, for instance.
    """
    if name == "UTC":
        return name
    import duckdb  # the import takes 40 ms

    try:
        ZoneInfo(name)
        with duckdb.connect() as db:
            db.execute("select now() at time zone ?", [name])
    except (ZoneInfoNotFoundError, OSError, duckdb.Error) as error:
        raise ValueError from error
    return name


def _lake_url(url: str) -> str:
    if url.startswith("s3://"):
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", url):
            raise ValueError
        return url.rstrip("/")
    path = url.removeprefix("file://")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", path):
        raise ValueError  # another scheme, or a misspelled one such as s3:/bucket
    return path


Time = Annotated[dt.datetime, BeforeValidator(_utc)]
Zone = Annotated[str, AfterValidator(checked_zone)]
LakeUrl = Annotated[str, AfterValidator(_lake_url)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://"), AfterValidator(lambda url: url.rstrip("/"))]
TIME = "write it as 2026-11-02 or 2026-11-02T08:00:00Z"
ADDRESS = "it should start with http:// or https://"
