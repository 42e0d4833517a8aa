"""Starts the simulator: Athena on Trino; Glue, S3, SSM and STS from moto; all on loopback."""

import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.simulators.athena import fetch
from tests.simulators.athena.athena_api import AthenaApi
from tests.simulators.athena.control import AGED, Control
from tests.simulators.athena.executions import Runner
from tests.simulators.athena.gateway import Gateway
from tests.simulators.athena.trino import KEY, Trino
from tests.simulators.loopback import aws_client, aws_environment

MISSING = "Trino is not here; `make trino` fetches it"


class Cloud:
    """A program finds it with `environment`. Tests set faults and read calls with `control`."""

    def __init__(self, gateway_url: str, s3_url: str, control: Control, s3_log: Path, athena: AthenaApi) -> None:
        self.control = control
        self.athena = athena
        self.environment = aws_environment(gateway_url, s3_url)
        self._s3_log = s3_log
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            url = self.environment["AWS_ENDPOINT_URL_S3" if service == "s3" else "AWS_ENDPOINT_URL"]
            self._clients[service] = aws_client(service, url)
        return self._clients[service]

    def make_bucket(self, name: str) -> None:
        """Make an empty bucket in the region of this cloud."""
        region = self.environment["AWS_REGION"]
        self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})

    def make_databases(self, prefix: str = "spotify") -> None:
        """Make the four Glue databases of the project, as Terraform does."""
        for layer in ("raw", "staging", "intermediate", "marts"):
            self.client("glue").create_database(DatabaseInput={"Name": f"{prefix}_{layer}"})

    def s3_requests(self, by_trino: bool) -> list[str]:
        """S3 requests in their order, for instance `GET /bucket?list-type=2&prefix=...`: Trino's, or all others."""
        lines = (line.split(" ", 1) for line in self._s3_log.read_text().splitlines())
        return [request for key, request in lines if (key == KEY) == by_trino]

    def calls(self, by_trino: bool) -> Counter[str]:
        """How often each operation was called, without the operations of S3."""
        return Counter(one.operation for one in self.control.requests if (one.caller == KEY) == by_trino)

    def age(self, bucket: str, key: str, seconds: float) -> None:
        """Make S3 say that an object was written so many seconds earlier. Only with moto's own buckets."""
        self._tell_moto(f"{AGED}?{urllib.parse.urlencode({'bucket': bucket, 'key': key, 'seconds': seconds})}")

    def _tell_moto(self, path: str) -> None:
        url = self.environment["AWS_ENDPOINT_URL_S3"] + path
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, b"").close()

    def reset(self) -> None:
        """Remove all buckets, tables, parameters, statements, faults and logs."""
        self._tell_moto("/moto-api/reset")
        self.athena.reset()
        self._s3_log.write_text("")
        self.control.reset()


@contextmanager
def started(s3_url: str = "", s3_key: str = KEY) -> Iterator[Cloud]:
    """Start in about 15 seconds. All processes end with this one. Raises NotFetched.

    With `s3_url` the buckets are on that server, and Trino reads them with `s3_key` as access key and as secret.
    """
    home, java = fetch.trino(), fetch.java()
    if not (home and java):
        raise fetch.NotFetched(MISSING)
    control = Control()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="athena-")))
        s3_log = folder / "s3.log"
        s3_log.touch()
        moto_url = stack.enter_context(_moto(s3_log))
        gateway = Gateway(moto_url, control)
        stack.enter_context(gateway)
        s3_url = s3_url or moto_url
        trino = Trino(home, java, glue_url=gateway.url, s3_url=s3_url, s3_key=s3_key)
        runner = Runner(trino.url, aws_client("glue", moto_url, KEY), control)
        stack.enter_context(trino)
        gateway.athena = AthenaApi(runner, control)
        yield Cloud(gateway.url, s3_url, control, s3_log, gateway.athena)


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
