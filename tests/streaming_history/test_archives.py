"""Archives as Spotify makes them and as people change them."""

from pathlib import Path

import pytest

from pipelines.streaming_history import archive, unpack
from pipelines.streaming_history.errors import BadExport
from pipelines.streaming_history.shapes import Package
from tests.streaming_history.exports import as_spotify_zips, extended, generation_1, music, podcast, write, zipped
from tests.streaming_history.lakes import ExportLake, outcomes

BOM = b"\xef\xbb\xbf"
AUDIO = "Streaming_History_Audio_2024.json"


def unpacked(folder: Path, *paths: Path) -> unpack.Unpacked:
    """The history files at these paths, and what was ignored."""
    found, ignored = archive.archives(paths)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    parts = [unpack.unpack(each, work) for each in found]
    return unpack.Unpacked(
        [file for part in parts for file in part.files], [*ignored, *(pair for part in parts for pair in part.ignored)]
    )


def test_an_archive_as_spotify_makes_it_is_imported(lake: ExportLake, tmp_path: Path) -> None:
    contents = {
        "endsong_0.json": [generation_1(0)],
        "endvideo.json": [generation_1(1)],
        "ReadMeFirst_ExtendedStreamingHistory.pdf": "%PDF-1.4",
    }
    report = lake.take(as_spotify_zips(tmp_path / "my_spotify_data.zip", "MyData", contents))
    assert outcomes(report) == {"kept": 2}
    assert [row["is_video"] for row in lake.rows("streams", "ts")] == [False, True]
    assert report.ignored == []


def test_both_packages_in_one_archive_are_imported(lake: ExportLake, tmp_path: Path) -> None:
    contents = {
        f"both/Spotify Extended Streaming History/{AUDIO}": [extended(0)],
        "both/Spotify Account Data/StreamingHistory_music_0.json": [music(1)],
    }
    assert outcomes(lake.take(zipped(tmp_path / "both.zip", contents))) == {"kept": 2}
    assert len(lake.rows("streams")) == len(lake.rows("one_year_streams")) == 1


def test_what_macos_adds_to_an_archive_is_left_out(tmp_path: Path) -> None:
    contents = {f"x/{AUDIO}": [extended(0)], f"__MACOSX/x/._{AUDIO}": b"\0\5\x16\7", "x/.DS_Store": b"\0"}
    found = unpacked(tmp_path, zipped(tmp_path / "mac.zip", contents))
    assert [file.name for file in found.files] == [AUDIO]


def test_a_copy_that_a_notebook_kept_is_an_ordinary_file_with_repeats(lake: ExportLake, tmp_path: Path) -> None:
    write(tmp_path / "x" / AUDIO, [extended(0)])
    write(tmp_path / "x" / "Streaming_History_Audio_2024-checkpoint.json", [extended(0)])
    assert outcomes(lake.take(tmp_path / "x")) == {"kept": 1, "repeated": 1}


def test_the_other_files_of_the_account_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    package_in = unpack._package_in

    def watched(path: Path, name: str, is_expected: bool) -> tuple[Package | None, str]:
        read.append(name)
        return package_in(path, name, is_expected)

    monkeypatch.setattr(unpack, "_package_in", watched)
    private = ("Userdata", "Payments", "Identifiers", "FamilyPlan", "DuoNewFamily", "SearchQueries", "Inferences")
    contents = {f"MyData/{name}.json": "{not JSON" for name in private}
    unpacked(tmp_path, zipped(tmp_path / "a.zip", contents | {"MyData/StreamingHistory0.json": [music(0)]}))
    unpacked(tmp_path, zipped(tmp_path / "b.zip", contents | {"MyData/renamed.json": [music(0)]}))
    assert read == ["MyData/StreamingHistory0.json", "MyData/renamed.json"]


def test_the_keys_decide_and_not_the_name(tmp_path: Path) -> None:
    write(tmp_path / "x" / "StreamingHistory_music_0.json", [extended(0)])
    write(tmp_path / "x" / AUDIO, [podcast(0)])
    packages = {file.name: file.package.name for file in unpacked(tmp_path, tmp_path / "x").files}
    assert packages == {"StreamingHistory_music_0.json": "extended", AUDIO: "one_year"}


@pytest.mark.parametrize("change", ["byte order mark", "CRLF", "one line", "escapes", "blanks"])
def test_every_way_to_write_the_same_json_is_read(lake: ExportLake, tmp_path: Path, change: str) -> None:
    title = {"master_metadata_track_name": "Blåbærtærte"}
    file = write(tmp_path / "x.json", [extended(0, **title), extended(1)])
    content = file.read_bytes()
    if change == "byte order mark":
        file.write_bytes(BOM + content)
    elif change == "CRLF":
        file.write_bytes(content.replace(b"\n", b"\r\n"))
    elif change == "one line":
        write(file, [extended(0, **title), extended(1)], indent=None, separators=(",", ":"))
    elif change == "escapes":
        write(file, [extended(0, **title), extended(1)], ensure_ascii=True)
    else:
        file.write_bytes(b" \n" + content.replace(b'":', b'" :').replace(b"[\n  {", b"[ {"))
    assert outcomes(lake.take(file)) == {"kept": 2}
    assert lake.rows("streams", "ts")[0]["master_metadata_track_name"] == "Blåbærtærte"


def test_the_same_content_under_two_names_is_read_once(tmp_path: Path) -> None:
    one = zipped(tmp_path / "one.zip", {AUDIO: [extended(0)]})
    (tmp_path / "two.zip").write_bytes(one.read_bytes())
    found = unpacked(tmp_path, one, tmp_path / "two.zip")
    assert len(found.files) == 1
    assert found.ignored == [("two.zip", "it has the same content as one.zip")]


@pytest.mark.parametrize("odd", ["endsong[1].json", "endsong?.json", "[old] *?/endsong1.json"])
def test_signs_of_patterns_in_names_are_plain_signs(lake: ExportLake, tmp_path: Path, odd: str) -> None:
    write(tmp_path / "x" / "endsong1.json", [extended(n) for n in range(5)])
    write(tmp_path / "x" / "o *" / "endsong1.json", [extended(50)])
    write(tmp_path / "x" / odd, [extended(n) for n in range(10, 13)])
    report = lake.take(tmp_path / "x")
    counts = {
        report.files[each.file_no].path.relative_to(tmp_path / "x"): each.counts["kept"] for each in report.counts
    }
    assert counts == {Path("endsong1.json"): 5, Path("o *", "endsong1.json"): 1, Path(odd): 3}
    assert len(lake.rows("streams")) == 9


def test_a_lake_is_compared_with_its_own_files_and_not_with_those_of_its_neighbour(tmp_path: Path) -> None:
    ExportLake(tmp_path / "home1").take(write(tmp_path / "x.json", [extended(50)]))
    odd = ExportLake(tmp_path / "home[1]")
    assert outcomes(odd.take(write(tmp_path / "a.json", [extended(n) for n in range(3)]))) == {"kept": 3}
    assert outcomes(odd.take(write(tmp_path / "b.json", [extended(n) for n in range(4)]))) == {"kept": 1, "known": 3}


def test_a_file_given_alone_and_in_its_folder_counts_once(lake: ExportLake, tmp_path: Path) -> None:
    file = write(tmp_path / "x" / "endsong_2.json", [extended(n, offline_timestamp=None) for n in range(4)])
    report = lake.take(file, tmp_path / "x")
    assert outcomes(report) == {"kept": 4}
    assert report.ignored == [("endsong_2.json", "it was given twice")]


def test_a_folder_may_hold_archives_beside_files(tmp_path: Path) -> None:
    write(tmp_path / "x" / AUDIO, [extended(0)])
    zipped(tmp_path / "x" / "my_spotify_data.zip", {"StreamingHistory0.json": [music(0)]})
    assert len(unpacked(tmp_path, tmp_path / "x").files) == 2


def test_a_link_in_a_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.json", [extended(5)])
    write(tmp_path / "x" / AUDIO, [extended(0)])
    (tmp_path / "x" / "StreamingHistory9.json").symlink_to(secret)
    found = unpacked(tmp_path, tmp_path / "x")
    assert [file.name for file in found.files] == [AUDIO]
    assert found.ignored == [("StreamingHistory9.json", "it is a link")]


def test_a_file_without_records_is_ignored_and_an_archive_of_such_files_is_no_error(tmp_path: Path) -> None:
    found = unpacked(tmp_path, zipped(tmp_path / "a.zip", {AUDIO: []}))
    assert found == unpack.Unpacked([], [(AUDIO, "it holds no records")])


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match=r"there is no file .*nothing\.zip; give"):
        archive.archives([tmp_path / "nothing.zip"])
