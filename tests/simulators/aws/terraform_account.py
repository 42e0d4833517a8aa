"""An emulated AWS account on loopback: MiniStack with IAM and TLS switched on."""

import base64
import datetime as dt
import ipaddress
import json
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.simulators.loopback import REGION as REGION
from tests.simulators.loopback import free_port

NUMBER = "123456789012"
ISSUER = "https://token.actions.githubusercontent.com"

Keys = dict[str, str]
# MiniStack runs Lambda functions with sys.executable.
START = """
import runpy, sys
sys.executable = sys.argv.pop(1)
runpy.run_module("hypercorn", run_name="__main__", alter_sys=True)
"""
# MiniStack allows everything to a caller with these keys.
ROOT_KEYS: Keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class Account:
    """A context manager that runs the server. `url` is https://…, `plain_url` is http://…

    `python` is the interpreter of Lambda functions; the default is that of the server.
    """

    def __init__(self, folder: Path, python: Path | None = None) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        write_certificate(self.certificate, key)
        port, plain_port = free_port(), free_port()
        self.url, self.plain_url = f"https://127.0.0.1:{port}", f"http://127.0.0.1:{plain_port}"
        settings = {
            "AUTH": "true",
            "MINISTACK_ACCOUNT_ID": NUMBER,
            "MINISTACK_REGION": REGION,
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",  # otherwise MiniStack starts a second server on all network interfaces
            "TMPDIR": str(folder),
            "STATE_DIR": str(folder),
            "S3_DATA_DIR": str(folder / "s3"),
            "PATH": "/usr/bin:/bin",
        }
        # Not the command `ministack`: with a certificate it also binds port 443, and it does not serve plain HTTP.
        server = [sys.executable, "-c", START, str(python or sys.executable), "ministack.app:app", "--workers", "0"]
        binds = ["--bind", f"127.0.0.1:{port}", "--insecure-bind", f"127.0.0.1:{plain_port}"]
        with (folder / "server.log").open("w") as log:
            self.server = subprocess.Popen(
                [*server, *binds, "--certfile", str(self.certificate), "--keyfile", str(key)],
                env=settings,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def __enter__(self) -> "Account":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.terminate()
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def _wait(self) -> None:
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        ends = time.monotonic() + 60
        while self.server.poll() is None and time.monotonic() < ends:
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", context=trusted, timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        self.server.kill()
        raise RuntimeError(f"MiniStack did not start: {(self.certificate.parent / 'server.log').read_text()[-2000:]}")

    def environment(self, keys: Keys) -> dict[str, str]:
        """Environment variables that make the AWS SDK of a program call this account."""
        return keys | {"AWS_ENDPOINT_URL": self.url, "AWS_CA_BUNDLE": str(self.certificate), "AWS_REGION": REGION}

    def client(self, service: str, keys: Keys, url: str = "") -> Any:
        create: Any = boto3.client  # boto3's types accept only a literal name of a service
        return create(
            service,
            region_name=REGION,
            endpoint_url=url or self.url,
            verify=str(self.certificate),
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys.get("AWS_SESSION_TOKEN"),
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def assume(self, role: str, subject: str, audience: str = "sts.amazonaws.com") -> Keys:
        """Keys of the role for a GitHub job with this subject. Raises ClientError if the role does not trust it."""
        identity = {"iss": ISSUER, "sub": subject, "aud": audience, "exp": int(time.time()) + 600}
        parts = ({"alg": "RS256", "typ": "JWT"}, identity, "unverified")
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        given = self.client("sts", ROOT_KEYS).assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{NUMBER}:role/{role}", RoleSessionName="run", WebIdentityToken=token
        )["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }


def write_certificate(certificate: Path, key: Path) -> None:
    """Write a self-signed certificate for 127.0.0.1 that is valid for one day."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
