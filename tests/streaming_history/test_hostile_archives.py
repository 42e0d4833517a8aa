"""Archives that are broken or made to do harm: one message each, and nothing stays on the disk."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.streaming_history import records, unpack
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.records import Records
from tests.streaming_history.exports import extended, write, zipped
from tests.streaming_history.lakes import ExportLake, outcomes

AUDIO = "Streaming_History_Audio_2024.json"
GOOD = json.dumps([extended(0)])


def with_entry(file: Path, entry: zipfile.ZipInfo, content: str = GOOD) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(AUDIO, GOOD)
        archive.writestr(entry, content)
    return file


def link(file: Path) -> Path:
    entry = zipfile.ZipInfo("StreamingHistory1.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return with_entry(file, entry, "/etc/passwd")


def encrypted(file: Path) -> Path:
    content = bytearray(zipped(file, {AUDIO: GOOD}).read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    file.write_bytes(content)
    return file


def cut(file: Path) -> Path:
    file.write_bytes(zipped(file, {AUDIO: [extended(n) for n in range(99)]}).read_bytes()[:-400])
    return file


def damaged(file: Path) -> Path:
    content = bytearray(zipped(file, {AUDIO: [extended(n) for n in range(99)]}).read_bytes())
    content[200:230] = b"\0" * 30
    file.write_bytes(content)
    return file


def bomb(file: Path) -> Path:
    return zipped(file, {AUDIO: b"[" + b" " * (66 * 2**20) + b"]"})


def nested(file: Path) -> Path:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr(AUDIO, GOOD)
    return zipped(file, {"my_spotify_data.zip": inside.getvalue()})


def text(content: bytes) -> Callable[[Path], Path]:
    return lambda file: zipped(file, {AUDIO: content})


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a path upwards": (lambda file: with_entry(file, zipfile.ZipInfo("../../x.json")), "leads out of the archive"),
    "an absolute path": (lambda file: with_entry(file, zipfile.ZipInfo("/tmp/x.json")), "leads out of the archive"),
    "a drive": (lambda file: with_entry(file, zipfile.ZipInfo("C:\\x.json")), "leads out of the archive"),
    "backslashes": (lambda file: with_entry(file, zipfile.ZipInfo("a\\..\\..\\x.json")), "leads out of the archive"),
    "a link": (link, "a link"),
    "a password": (encrypted, "a password"),
    "cut": (cut, "no whole zip file"),
    "damaged": (damaged, "no whole zip file"),
    "no zip file": (lambda file: write(file, []), "no whole zip file"),
    "empty": (lambda file: (file.write_bytes(b"") and file) or file, "no whole zip file"),
    "a bomb": (bomb, "grows to more than"),
    "an archive in it": (nested, "another archive; unpack it first"),
    "a web page": (text(b"<!doctype html><html></html>"), "no JSON list of records"),
    "one object": (text(b'{"ts": 1}'), "no JSON list of records"),
    "UTF-16": (text(GOOD.encode("utf-16")), "no UTF-8 text|not UTF-8 text"),
    "UTF-16 without a mark": (text(GOOD.encode("utf-16-le")), "not UTF-8 text"),
    "Latin-1": (text(b'[{"ts": "\xe5"}]'), "not UTF-8 text"),
    "other JSON": (lambda file: zipped(file, {"a.json": [{"x": 1}]}), "holds no listening history"),
    "nothing": (lambda file: zipped(file, {"readme.txt": "hello"}), "holds no listening history"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_archive_that_cannot_be_trusted_is_refused_with_its_cause(
    lake: ExportLake, tmp_path: Path, kind: str
) -> None:
    make, message = HOSTILE[kind]
    with pytest.raises(BadExport, match=message) as refused:
        lake.take(make(tmp_path / "my_spotify_data.zip"))
    assert refused.value.archive_id
    assert "my_spotify_data.zip" in str(refused.value) or AUDIO in str(refused.value)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["my_spotify_data.zip"]


def test_a_bomb_is_judged_by_the_bytes_that_come_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "ALL_BYTES", 2**20)
    archive = zipped(tmp_path / "a.zip", {f"endsong_{n}.json": [extended(k) for k in range(1500)] for n in range(3)})
    with pytest.raises(BadExport, match="grows to more than"):
        ExportLake(tmp_path / "home").take(archive)


def test_a_record_that_is_no_json_is_named_and_the_others_are_kept(lake: ExportLake, tmp_path: Path) -> None:
    records = [json.dumps(extended(n)) for n in range(4)]
    records[1] = records[1].replace('"ms_played"', "ms_played")
    file = tmp_path / "x.json"
    file.write_text(f"[{', '.join(records)}]")
    report = lake.take(file)
    assert outcomes(report) == {"kept": 3, "skipped": 1}
    assert report.reject_file
    assert json.loads(report.reject_file.read_text()) == {"file": "x.json", "index": 1, "reason": "not JSON"}


def test_a_file_that_was_cut_keeps_what_is_whole(lake: ExportLake, tmp_path: Path) -> None:
    file = write(tmp_path / "x.json", [extended(n) for n in range(20)])
    file.write_text(file.read_text()[:-300])
    assert outcomes(lake.take(file)) == {"kept": 19, "skipped": 1}


def test_a_broken_file_does_not_touch_the_records_of_the_others(lake: ExportLake, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "x" / f"endsong_{number}.json", [extended(number * 10 + n) for n in range(5)])
    broken = tmp_path / "x" / "endsong_1.json"
    broken.write_text(broken.read_text().replace("[", "[5, ", 1))
    assert outcomes(lake.take(tmp_path / "x")) == {"kept": 15, "skipped": 1}


def test_text_between_records_takes_no_record_with_it(lake: ExportLake, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(f"[{json.dumps(extended(0))}, oops, {json.dumps(extended(1))}, {json.dumps(extended(2))}]")
    assert outcomes(lake.take(file)) == {"kept": 3, "skipped": 1}


def test_a_file_is_not_read_slowly_when_memory_is_short(
    lake: ExportLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MEMORY", "5MB")
    monkeypatch.setattr(Records, "_read_slowly", lambda *_: pytest.fail("nothing is wrong with the file"))
    with pytest.raises(duckdb.OutOfMemoryException):
        lake.take(write(tmp_path / "x.json", [extended(n) for n in range(10)]))
    assert lake.rows("streams") == []


def test_records_read_before_a_broken_one_are_kept_once(
    lake: ExportLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # DuckDB reads 32 MB of a file at once.
    file = write(tmp_path / "x.json", [extended(n, episode_name="x" * 9_000) for n in range(5_000)])
    file.write_text(f"{file.read_text().strip().removesuffix(']')}, 5]")
    read: list[int] = []
    marked = Records._marked

    def counted(*arguments: Any) -> Iterator[Any]:
        for batch in marked(*arguments):
            read.append(batch.num_rows)
            yield batch

    monkeypatch.setattr(records, "BATCH_ROWS", 1000)
    monkeypatch.setattr(Records, "_marked", counted)
    assert outcomes(lake.take(file)) == {"kept": 5_000, "skipped": 1}
    assert len(lake.rows("streams")) == 5_000
    assert sum(read) > 5_001


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (json.dumps(extended(1, episode_name="x" * 2**20)), "a text is longer than 10,000 bytes"),
        (json.dumps(extended(1, episode_name="x" * 2**25)), "longer than 1,048,576 characters"),
        (json.dumps(extended(1, episode_name="x")).replace('"x"', '"\\ud800"'), "a sign or a number"),
        ("[" * 100_000 + "]" * 100_000, "not JSON"),
        ("null", "its time is missing"),
    ],
    ids=["long", "huge", "half a surrogate pair", "deep", "null"],
)
def test_an_odd_record_is_skipped_with_its_reason(lake: ExportLake, tmp_path: Path, record: str, reason: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(f"[{json.dumps(extended(0))},\n{record},\n{json.dumps(extended(2))}]")
    report = lake.take(file)
    assert outcomes(report) == {"kept": 2, "skipped": 1}
    assert report.reject_file
    assert reason in report.reject_file.read_text()
