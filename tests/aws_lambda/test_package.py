"""How the zips are made, without a package index."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from orchestration.aws_lambda.package import FUNCTIONS, copy_project, prune, write_zip
from pipelines.settings import ROOT

FOLDER = ROOT / "orchestration" / "aws_lambda"


def pinned(file: Path) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)==([\w.]+)", file.read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_the_versions_of_the_lock_with_hashes(name: str) -> None:
    file = FOLDER / f"{name}.txt"
    assert pinned(file) - pinned(ROOT / "requirements.lock") == set()
    assert file.read_text().count("==") < file.read_text().count("--hash=sha256:")


def test_transform_has_no_package_that_a_build_on_athena_does_not_need() -> None:
    names = {name for name, _ in pinned(FOLDER / "transform.txt")}
    assert not names & {"duckdb", "dbt-duckdb", "pyarrow", "dlt", "spotipy", "altair"}
    assert {"dbt-core", "dbt-athena", "s3fs"} <= names


def test_what_no_run_opens_is_left_out(tmp_path: Path) -> None:
    kept = (
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/endpoints.json",
        "babel/locale-data/en.dat",
        "boto3/data/s3/2006-03-01/resources-1.json",
        "pyarrow/libarrow_substrait.so.2600",
        "dbt/include/global_project/tests/generic/builtin.sql",
        "dlt-1.0.dist-info/METADATA",
    )
    left_out = (
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "babel/locale-data/de.dat",
        "pyarrow/libarrow_flight.so.2600",
        "pyarrow/tests/test_x.py",
        "dlt-1.0.dist-info/RECORD",
        "bin/dbt",
    )
    for name in (*kept, *left_out):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    prune(tmp_path)
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()} == set(kept)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_same_code_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    zips = []
    for number in ("1", "2"):
        copy_project(name, tmp_path / number)
        zips.append(write_zip(tmp_path / number, tmp_path / f"{number}.zip"))
    assert zips[0].read_bytes() == zips[1].read_bytes()
    names = ZipFile(zips[0]).namelist()
    assert f"orchestration/aws_lambda/{name}.py" in names
    assert ("transform/dbt_project.yml" in names) is (name == "transform")
    assert not [each for each in names if re.search(r"\.env|__pycache__|/target/|pipelines/demo|/publish/", each)]
