"""Tokens in a SecureString parameter of SSM, for machines that keep no files."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from pipelines.aws.session import AwsSession

EMPTY = "{}"  # SSM stores no empty value, so `make infra` creates the parameter with this value


class ParameterTokenStore:
    """A `TokenStore`. `parse(content, where)` checks what is stored. All methods raise botocore's errors."""

    protection = "encrypted"

    def __init__(self, name: str, region: str, parse: Callable[[str, str], dict[str, Any]]) -> None:
        self._name = name
        self._aws = AwsSession(region)
        self._parse = parse

    def __str__(self) -> str:
        return f"ssm:{self._name}"

    def exists(self) -> bool:
        return self._content() != EMPTY

    def read(self) -> dict[str, Any]:
        content = self._content()
        return {} if content == EMPTY else self._parse(content, str(self))

    def write(self, tokens: dict[str, Any]) -> None:
        self._put(json.dumps(tokens, indent=1))

    def delete(self) -> None:
        self._put(EMPTY)

    @cached_property
    def _client(self) -> Any:
        return self._aws.client("ssm")

    def _content(self) -> str:
        try:
            return str(self._client.get_parameter(Name=self._name, WithDecryption=True)["Parameter"]["Value"])
        except self._client.exceptions.ParameterNotFound:
            return EMPTY

    def _put(self, content: str) -> None:
        self._client.put_parameter(Name=self._name, Value=content, Type="SecureString", Overwrite=True)
