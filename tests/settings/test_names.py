"""Misspelled names: refused in `.env` and after a verb of make, never in the environment."""

from pathlib import Path

import pytest

from pipelines.settings import BadSetting, load_settings
from pipelines.settings.names import make_arguments


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DEMO_DAY", "DEMO_DAYS"),
        ("TIMEZONE", "TIME_ZONE"),
        ("lake_url", "LAKE_URL"),
        ("SPOTIPY_CLIENT_ID", "SPOTIFY_CLIENT_ID"),
    ],
)
def test_a_misspelled_name_is_refused_with_the_name_that_was_meant(tmp_path: Path, name: str, meant: str) -> None:
    with pytest.raises(BadSetting, match=f"the command sets {name}, which is no setting; did you mean {meant}"):
        load_settings({"MAKEFLAGS": f"s -- ARGS=--full {name}=3"}, tmp_path)
    assert load_settings({name: "3"}, tmp_path).is_demo
    (tmp_path / ".env").write_text(f"# mine\n{name}=3\n")
    with pytest.raises(BadSetting, match=rf"line 2 of .*\.env sets {name}.*{meant}"):
        load_settings({}, tmp_path)


@pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_DEFAULT_REGION", "HTTPS_PROXY", "TZ", "PYTHON", "UID"])
def test_a_name_that_is_not_like_a_setting_is_nobodys_mistake(tmp_path: Path, name: str) -> None:
    (tmp_path / ".env").write_text(f"{name}=any\n")
    load_settings({"MAKEFLAGS": f" -- {name}=any"}, tmp_path)


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ("", []),
        ("w", []),
        ("-- X=1", ["X"]),
        ("s -j2 --jobserver-auth=3,4 -- X=a\\ Y=b Z=1", ["X", "Z"]),
    ],
)
def test_the_arguments_of_make_are_read_from_its_flags(flags: str, names: list[str]) -> None:
    assert make_arguments(flags) == names
