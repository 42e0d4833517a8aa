"""The settings of one run. The only product code that reads the environment, apart from the GitHub Actions job."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from pipelines.settings.fields import BadSetting
from pipelines.settings.model import DEMO_START, Settings
from pipelines.settings.names import make_arguments, refuse_misspelled

__all__ = ["DEMO_START", "ROOT", "SETTINGS", "BadSetting", "Setting", "Settings", "load_settings", "one_setting"]

ROOT = Path(__file__).resolve().parents[2]
# One line of a .env file. Values over several lines are not supported: no setting needs one.
DOTENV_LINE = re.compile(r"""\s*(#.*|(export\s+)?(?P<name>\w+)\s*=\s*('[^']*'|"([^"\\]|\\.)*"|[^'"\s].*)?\s*(#.*)?)?""")


class Setting(NamedTuple):
    """A row of the README's table of settings."""

    name: str
    default: str
    description: str


_FIELDS: dict[str, FieldInfo] = {
    str(field.validation_alias): field for field in Settings.model_fields.values() if field.validation_alias
}
SETTINGS = tuple(
    Setting(name, "" if field.default in (None, Path()) else str(field.default), field.description or "")
    for name, field in _FIELDS.items()
)


def load_settings(environment: Mapping[str, str] | None = None, root: Path = ROOT, is_import: bool = False) -> Settings:
    """Read and check every setting, from the environment and then from `.env` in `root`. Raises BadSetting.

    With `is_import` the settings are never those of the demo account: an export holds the data of a person.
    """
    environment = os.environ if environment is None else environment
    _check_dotenv(root / ".env")
    refuse_misspelled(make_arguments(environment.get("MAKEFLAGS", "")), _FIELDS, "the command")
    given: dict[str, Any] = {name: environment[name] for name in _FIELDS if name in environment}
    dotenv: dict[str, Any] = {"_env_file": root / ".env", "_env_file_encoding": "utf-8-sig"}
    problem = ""
    try:
        settings = Settings(**given, **dotenv)
        if not settings.region and "AWS_DEFAULT_REGION" in environment:
            settings = Settings(**given | {"AWS_REGION": environment["AWS_DEFAULT_REGION"]}, **dotenv)
    except ValidationError as error:
        problem = _message(error)
    # Not raised above: pydantic's error would be its context, and Python never frees a ring of objects through it.
    if problem:
        raise BadSetting(problem)
    return settings.located(root, is_import)


def one_setting(name: str, environment: Mapping[str, str] | None = None, root: Path = ROOT) -> str:
    """The text of one setting, also when another setting is malformed; empty when it is not set."""
    environment = os.environ if environment is None else environment
    try:
        return (environment.get(name) or dotenv_values(root / ".env", encoding="utf-8-sig").get(name) or "").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _message(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    field = _FIELDS[name]
    assert isinstance(field.json_schema_extra, dict)
    seen = f"is {first['input']!r}" if field.repr else "is malformed"
    return f"{name} {seen}; {field.json_schema_extra['form']}"


def _check_dotenv(file: Path) -> None:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines() if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} cannot be read as UTF-8 text ({error})") from None
    if file.exists() and not "".join(lines).strip("\0"):
        raise BadSetting(f"{file} is empty; write your settings into it again (see .env.example), or delete it")
    for number, line in enumerate(lines, 1):
        found = DOTENV_LINE.fullmatch(line)
        if not found:
            raise BadSetting(f"line {number} of {file} is malformed; write it as NAME=value")
        if found["name"]:
            refuse_misspelled([found["name"]], _FIELDS, f"line {number} of {file}")
