"""Where tokens are kept between runs: in a file, or in a parameter of AWS."""

import json
from pathlib import Path
from typing import Any, Protocol

from pipelines import durable
from pipelines.aws.parameter_store import ParameterTokenStore
from pipelines.settings import BadSetting

StoredTokens = dict[str, Any]


class TokenStore(Protocol):
    """Keeps one set of tokens: client id, refresh token, scope and time of consent.

    `str()` of a store is its address for messages. `protection` describes in words who can read the tokens.
    """

    protection: str

    def exists(self) -> bool: ...

    def read(self) -> StoredTokens:
        """The tokens; empty when there are none. Raises BadSetting when something else is stored."""

    def write(self, tokens: StoredTokens) -> None:
        """Replace the tokens. Raises BadSetting when the place cannot be written."""

    def delete(self) -> None: ...


def token_store(address: str, region: str = "") -> TokenStore:
    """The store at `settings.token_file`: a path, or `ssm:/name` in the region."""
    if address.startswith("ssm:"):
        return ParameterTokenStore(address.removeprefix("ssm:"), region, parse)
    return FileTokenStore(Path(address))


class FileTokenStore:
    """A file that has mode 600 before anything is written to it. Each write replaces the whole file."""

    protection = "readable by you alone"

    def __init__(self, file: Path) -> None:
        self._file = file

    def __str__(self) -> str:
        return str(self._file)

    def exists(self) -> bool:
        return self._file.exists()

    def read(self) -> StoredTokens:
        if not self.exists():
            return {}
        try:
            content = self._file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(str(self), error) from error
        return parse(content, str(self))

    def write(self, tokens: StoredTokens) -> None:
        try:
            durable.write(self._file, json.dumps(tokens, indent=1).encode(), mode=0o600)
        except OSError as error:
            raise BadSetting(f"{self} cannot be written: {error.strerror}") from error

    def delete(self) -> None:
        self._file.unlink()


def parse(content: str, where: str) -> StoredTokens:
    """Tokens from JSON. Raises BadSetting, which does not show the content."""
    try:
        tokens = json.loads(content)
    except ValueError as error:
        raise _unreadable(where, error) from None
    if not isinstance(tokens, dict) or not tokens.get("refresh_token"):
        raise BadSetting(f"{where} holds no refresh token; run `make login`")
    return tokens


def _unreadable(where: str, error: Exception) -> BadSetting:
    return BadSetting(f"{where} is empty, damaged or no token file ({type(error).__name__}); run `make login`")
