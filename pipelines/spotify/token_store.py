"""Where tokens are kept between runs: a file, mode 600 from its first byte and replaced whole, or a parameter."""

import json
import os
from pathlib import Path
from typing import Any

from pipelines.aws.parameter_store import TokenParameter
from pipelines.values import BadSetting

Tokens = dict[str, Any]


def read(file: Path | TokenParameter) -> Tokens:
    """Client id, refresh token, scope and consent time. Raises BadSetting when the file is not one of ours."""
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8") if isinstance(file, Path) else file.read_text())
    except (OSError, ValueError) as error:
        raise BadSetting(f"{file} cannot be read as a token file ({type(error).__name__}); run `make login`") from error
    if not isinstance(kept, dict) or not kept.get("refresh_token"):
        raise BadSetting(f"{file} holds no refresh token; run `make login`")
    return kept


def write(file: Path | TokenParameter, tokens: Tokens) -> None:
    """Raises BadSetting when the folder cannot be written."""
    if isinstance(file, TokenParameter):
        file.write_text(json.dumps(tokens, indent=1))
        return
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(tokens, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written: {error.strerror}") from error
