"""The file that keeps tokens between runs."""

import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import BadSetting
from pipelines.spotify.token_store import token_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "token.json"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"refresh_token": ""}', "\x00"])
def test_a_broken_token_file_gives_a_clear_message(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(BadSetting, match=r"token\.json.*make login"):
        token_store(str(file)).read()


def test_a_token_file_has_mode_600_before_anything_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    fdopen = os.fdopen

    def watched(handle: int, *arguments: Any, **options: Any) -> Any:
        seen.append(os.fstat(handle).st_mode & 0o777)
        return fdopen(handle, *arguments, **options)

    monkeypatch.setattr(os, "fdopen", watched)
    before = os.umask(0)
    store = token_store(str(file))
    try:
        store.write({"refresh_token": "first"})
        store.write({"refresh_token": "second"})
    finally:
        os.umask(before)
    assert seen == [0o600, 0o600]
    assert token_store(str(file)).read() == {"refresh_token": "second"}
    assert list(file.parent.iterdir()) == [file]


def test_a_token_file_that_cannot_be_replaced_keeps_the_old_tokens(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = token_store(str(file))
    store.write({"refresh_token": "first"})

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadSetting, match="No space left"):
        store.write({"refresh_token": "second"})
    assert token_store(str(file)).read() == {"refresh_token": "first"}
