"""The time zone of this machine, which a login suggests, and the line of `.env` that keeps the choice."""

from pathlib import Path

import tzlocal
from dotenv import set_key

from pipelines.settings.fields import BadSetting, checked_zone


def machine_zone() -> str:
    """The zone of this machine, from TZ or its own settings; UTC when it has none that DuckDB knows."""
    try:
        return checked_zone(str(tzlocal.get_localzone_name()))
    except (ValueError, LookupError, OSError):
        return "UTC"


def keep_zone(root: Path, zone: str) -> None:
    """Write TIME_ZONE into `.env` and leave its other lines as they are. Raises BadSetting."""
    file = root / ".env"
    try:
        set_key(file, "TIME_ZONE", zone, quote_mode="never", encoding="utf-8", follow_symlinks=True)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written ({error.strerror}); write TIME_ZONE={zone} into it") from None
