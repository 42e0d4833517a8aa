"""The file of plays that shall not count."""

import json
from pathlib import Path

import pytest

from orchestration.exclusions import exclusions
from pipelines.settings import BadSetting, load_settings


def rules(root: Path, text: str | bytes, name: str = "data/demo/exclusions.csv", **environment: str) -> str:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return exclusions(load_settings(environment, root))


def test_without_a_file_nothing_is_excluded(tmp_path: Path) -> None:
    assert exclusions(load_settings({}, tmp_path)) == ""


def test_a_file_with_its_first_line_only_excludes_nothing(tmp_path: Path) -> None:
    assert rules(tmp_path, "artist,track,from,until\n\n,,,\n") == ""


def test_names_are_in_lower_case_and_a_day_is_excluded_as_a_whole(tmp_path: Path) -> None:
    """The file has a byte order mark and the line ends of Windows, as Excel writes them."""
    found = rules(
        tmp_path,
        "\ufeffartist,track,from,until\r\n"
        'Rain Sounds,,2026-01-31,2026-02-01\r\n"Earth, Wind & Fire", September ,2026-01-31 22:30,\r\n',
    )
    assert json.loads(found) == [
        {"artist": "rain sounds", "track": "", "from": "2026-01-31 00:00:00.000", "until": "2026-02-02 00:00:00.000"},
        {"artist": "earth, wind & fire", "track": "september", "from": "2026-01-31 22:30:00.000", "until": ""},
    ]


@pytest.mark.parametrize(
    "link", ["spotify:track:4uLU6hMCjM", "https://open.spotify.com/intl-de/track/4uLU6hMCjM?si=x", "4uLU6hMCjM"]
)
def test_of_a_link_the_id_counts(tmp_path: Path, link: str) -> None:
    (rule,) = json.loads(rules(tmp_path, f"artist,track,from,until\n,{link},,\n"))
    assert rule["track"] == ("4ulu6hmcjm" if link == "4uLU6hMCjM" else "4uLU6hMCjM")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("artist;track;from;until\n", "the first line of .* is not artist,track,from,until"),
        (b"artist,track,from,until\n\xff,,,\n", "cannot be read as CSV in UTF-8"),
        ("artist,track,from,until\na,b\n", "line 2 of .* has not 4 values"),
        ("artist,track,from,until\nEarth, Wind & Fire,,,\n", "line 2 of .* has not 4 values"),
        (
            "artist,track,from,until\n\na,,31.01.2026,\n",
            "line 3 of .*: '31.01.2026' is no time",
        ),
        ("artist,track,from,until\na,,2026-02-01,2026-01-31\n", "line 2 of .* ends before it begins"),
        ("artist,track,from,until\n" + "a,,2026-02-01,\n" * 1001, "has 1001 rules; a build accepts 1000"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(BadSetting, match=message):
        rules(tmp_path, text)


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    assert rules(tmp_path, "artist,track,from,until\na,,,\n", "mine.csv", EXCLUSIONS_FILE="mine.csv")
    with pytest.raises(BadSetting, match=r"EXCLUSIONS_FILE is .*other.csv', and there is no such file"):
        exclusions(load_settings({"EXCLUSIONS_FILE": "other.csv"}, tmp_path))
