"""Tokens kept in AWS, for machines that are thrown away: a SecureString parameter with what the file would hold."""

from dataclasses import dataclass
from typing import Any

NOTHING_YET = "{}"  # what `make infra` creates it with: SSM keeps no empty value


@dataclass(frozen=True)
class TokenParameter:
    """A name of SSM's Parameter Store, with the few methods of a path that a token file needs."""

    name: str

    def __str__(self) -> str:
        return f"ssm:{self.name}"

    def exists(self) -> bool:
        return self.read_text() != NOTHING_YET

    def read_text(self) -> str:
        client = _client()
        try:
            return str(client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]["Value"])
        except client.exceptions.ParameterNotFound:
            return NOTHING_YET

    def write_text(self, content: str) -> None:
        _client().put_parameter(Name=self.name, Value=content, Type="SecureString", Overwrite=True)

    def unlink(self) -> None:
        self.write_text(NOTHING_YET)


def _client() -> Any:
    import boto3

    return boto3.client("ssm")
