"""The same models on a lake in a bucket: DuckDB reads it through s3fs, and no extension is downloaded."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tests.transform.conftest import Warehouse
from tests.transform.lake import Lake, at, track

BUCKET = "lake-of-a-listener"
PLAY = {"track_uri": "spotify:track:a", "track_id": "a"}


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        host, port = server.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "demo")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
        client: Any = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client
    server.stop()


@pytest.fixture
def put(s3: Any) -> Callable[[Lake], str]:
    def put(lake: Lake) -> str:
        for file in filter(Path.is_file, lake.folder.rglob("*")):
            s3.upload_file(str(file), BUCKET, f"lake/{file.relative_to(lake.folder)}")
        return f"s3://{BUCKET}/lake"

    return put


def test_a_lake_on_s3_gives_the_same_marts_as_a_folder_and_new_loads_are_read(
    warehouse: Warehouse, new_lake: Callable[[], Lake], put: Callable[[Lake], str]
) -> None:
    lake = new_lake()
    lake.load(1, tracks=[track("a")], recently_played=[PLAY | {"played_at": at("2026-04-30 10:00")}])
    url = put(lake)
    assert fsspec.core.url_to_fs(url)[0].find(url)  # as the loader does; s3fs caches the listing
    assert warehouse.build(url).is_ok
    lake.load(2, recently_played=[PLAY | {"played_at": at("2026-05-01 10:00")}])
    put(lake)
    assert warehouse.build(url).is_ok
    on_s3 = warehouse.marts()
    assert len(on_s3["fct_plays"]) == 2
    assert warehouse.build(lake).is_ok
    assert warehouse.marts() == on_s3


def test_a_lake_in_a_folder_does_not_import_s3fs(
    warehouse: Warehouse, new_lake: Callable[[], Lake], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(fsspec, "filesystem", lambda kind, **_: opened.append(kind))
    assert warehouse.build(new_lake()).is_ok
    assert opened == []
