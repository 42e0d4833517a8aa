"""An import into a lake on S3 reads what the lake has, as in a folder."""

from pathlib import Path

from pipelines.lake.store import Lake
from pipelines.streaming_history.imports import imported_archives
from tests.simulators.aws.server import LAKE_URL, REGION, Cloud
from tests.streaming_history.exports import extended, write
from tests.streaming_history.lakes import ExportLake, outcomes


def test_a_later_export_brings_only_what_the_bucket_does_not_have(cloud: Cloud, tmp_path: Path) -> None:
    lake = ExportLake(tmp_path / "home", LAKE_URL=LAKE_URL, AWS_REGION=REGION)
    first = write(tmp_path / "1.json", [extended(n) for n in range(60)])
    assert outcomes(lake.load(first)) == {"kept": 60}
    later = write(tmp_path / "2.json", [extended(n) for n in range(70)])
    assert outcomes(lake.load(later)) == {"kept": 10, "known": 60}
    dataset = Lake.of(lake.settings).dataset("streaming_history")
    assert len(imported_archives(dataset, dataset.completed())) == 2
