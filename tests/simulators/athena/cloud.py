"""The whole of it: Athena on Trino; Glue, S3, SSM and STS from moto; all on loopback."""

import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.simulators.athena import fetch
from tests.simulators.athena.athena_api import AthenaApi
from tests.simulators.athena.control import Control
from tests.simulators.athena.executions import Runner
from tests.simulators.athena.gateway import Gateway
from tests.simulators.athena.trino import KEY, REGION, Trino

MISSING = "Trino is not here; `make trino` fetches it"


class Cloud:
    """`environment` is what a program needs to find it; `control` is what a test sets and reads."""

    def __init__(self, gateway_url: str, s3_url: str, control: Control, s3_log: Path, athena: AthenaApi) -> None:
        self.control = control
        self.athena = athena
        self.environment = {
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": gateway_url,
            "AWS_ENDPOINT_URL_S3": s3_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            # Nobody's own profile, and no proxy.
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1",
        }
        self._s3_log = s3_log
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A boto3 client of the service; it repeats nothing by itself."""
        if service not in self._clients:
            url = self.environment["AWS_ENDPOINT_URL_S3" if service == "s3" else "AWS_ENDPOINT_URL"]
            self._clients[service] = _client(service, url, "tests")
        return self._clients[service]

    def s3_requests(self, by_trino: bool) -> list[str]:
        """`GET /bucket?list-type=2&prefix=...`, in their order: those of Trino itself or those of everybody else."""
        lines = (line.split(" ", 1) for line in self._s3_log.read_text().splitlines())
        return [request for key, request in lines if (key == KEY) == by_trino]

    def calls(self, by_trino: bool) -> Counter[str]:
        """How often each operation was asked for, those of S3 left out."""
        return Counter(one.operation for one in self.control.requests if (one.caller == KEY) == by_trino)

    def reset(self) -> None:
        """No bucket, no table, no parameter, no fault, no log."""
        url = f"{self.environment['AWS_ENDPOINT_URL_S3']}/moto-api/reset"
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, b"").close()
        self._s3_log.write_text("")
        self.control.reset()


@contextmanager
def started() -> Iterator[Cloud]:
    """Ready in about 15 seconds; it ends with this process, however that ends. Raises NotFetched."""
    home, java = fetch.trino(), fetch.java()
    if not (home and java):
        raise fetch.NotFetched(MISSING)
    control = Control()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="athena-")))
        s3_log = folder / "s3.log"
        s3_log.touch()
        moto_url = stack.enter_context(_moto(s3_log))
        gateway = stack.enter_context(Gateway(moto_url, control))
        trino = Trino(home, java, glue_url=gateway.url, s3_url=moto_url)
        runner = Runner(trino.url, _client("glue", moto_url, KEY), control)
        stack.enter_context(trino)
        gateway.athena = AthenaApi(runner, control)
        yield Cloud(gateway.url, moto_url, control, s3_log, gateway.athena)


@contextmanager
def _moto(s3_log: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.simulators.athena.moto_server", str(s3_log)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=fetch.ROOT, start_new_session=True
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def _client(service: str, url: str, key: str) -> Any:
    session: Any = boto3.session.Session(key, key, region_name=REGION)
    return session.client(
        service, endpoint_url=url, config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    )
