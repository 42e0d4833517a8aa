"""A Trino server on loopback. It ends with the process that started it."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.simulators.loopback import REGION as REGION
from tests.simulators.loopback import free_port

LEASH = Path(__file__).with_name("leash.py")
# Trino has its own access key, so that logs show which requests are Trino's.
KEY = "athena-itself"
SECONDS_TO_START = 120

# Only the fast compiler C1: the queries of tests are too short for C2.
JVM = (
    "-Xmx3G -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError --add-opens=java.base/java.nio=ALL-UNNAMED "
    "--sun-misc-unsafe-memory-access=allow -Djdk.attach.allowAttachSelf=true -Duser.timezone=UTC"
).split()

# One writer, because Trino limits the partitions of a writer and Athena limits those of a statement.
# With static catalogues, queries fail for some seconds after Trino says that it has started.
NODE = """\
node.environment=test
node.id=athena
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
plugin.dir={home}/plugin
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
web-ui.enabled=false
catalog.management=dynamic
catalog.store=file
task.min-writer-count=1
task.max-writer-count=1
"""

CATALOG = f"""\
connector.name=hive
hive.metastore=glue
hive.metastore.glue.endpoint-url={{glue_url}}
hive.metastore.glue.region={REGION}
hive.metastore.glue.aws-access-key={KEY}
hive.metastore.glue.aws-secret-key={KEY}
fs.native-s3.enabled=true
s3.endpoint={{s3_url}}
s3.region={REGION}
s3.aws-access-key={{s3_key}}
s3.aws-secret-key={{s3_key}}
s3.path-style-access=true
hive.non-managed-table-writes-enabled=true
hive.non-managed-table-creates-enabled=true
hive.collect-column-statistics-on-write=false
hive.timestamp-precision=MILLISECONDS
hive.partition-projection-enabled=true
hive.recursive-directories=true
hive.max-partitions-per-writers=100
hive.compression-codec=ZSTD
"""


class Trino:
    """`with Trino(home, java, glue_url, s3_url) as trino:` waits until `trino.url` accepts queries."""

    def __init__(self, home: Path, java: Path, glue_url: str, s3_url: str, s3_key: str = KEY) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="athena-trino-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        (self.folder / "etc" / "catalog").mkdir(parents=True)  # Trino looks for catalogues below its working folder
        (self.folder / "config.properties").write_text(NODE.format(folder=self.folder, home=home, port=port))
        # The catalogue is named as on Athena, because compiled SQL contains the name.
        catalog = CATALOG.format(glue_url=glue_url, s3_url=s3_url, s3_key=s3_key)
        (self.folder / "etc" / "catalog" / "awsdatacatalog.properties").write_text(catalog)
        options = [f"-Dconfig={self.folder}/config.properties", f"-Djava.io.tmpdir={self.folder}"]
        command: list[str | Path] = [java, *JVM, *options, "-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"]
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-E", LEASH, self.folder, *command],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C must not end Trino before the tests have cleaned up
        )

    def __enter__(self) -> "Trino":
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                output = (self.folder / "output.log").read_text()[-2000:]
                self.stop()
                raise RuntimeError(f"Trino did not start:\n{output}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"{self.url}/v1/info", timeout=5
            ) as answer:
                return json.load(answer)["starting"] is False
        except OSError:
            return False

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)  # leash.py removes it too, unless the server ended first
