"""Where settings are read from, which values are valid, and which account they select."""

import datetime as dt
from pathlib import Path

import pytest

from pipelines.settings import SETTINGS, BadSetting, Settings, load_settings
from pipelines.settings.zone import keep_zone, machine_zone


def settings(root: Path, **environment: str) -> Settings:
    return load_settings(environment, root)


def test_the_environment_overrides_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LAKE_URL=/from/the/file\n")
    assert settings(tmp_path).lake_url == "/from/the/file"
    assert settings(tmp_path, LAKE_URL="/from/the/environment").lake_url == "/from/the/environment"


@pytest.mark.parametrize("content", ["MAX_CALLS=7", "\ufeffMAX_CALLS=7\n", "# a\n\nexport MAX_CALLS = '7' # b\n"])
def test_a_dotenv_file_may_have_a_byte_order_mark_comments_quotes_and_export(tmp_path: Path, content: str) -> None:
    (tmp_path / ".env").write_text(content, encoding="utf-8")
    assert settings(tmp_path).max_calls == 7


@pytest.mark.parametrize("line", ["MAX_CALLS", "MAX_CALLS 7", "=7", "SPOTIFY_CLIENT_SECRET='open", "x: secret-value"])
def test_a_malformed_line_of_the_dotenv_file_is_named_by_its_number_and_not_shown(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"# mine\n{line}\n")
    with pytest.raises(BadSetting, match=r"line 2 of .*\.env is malformed; write it as NAME=value") as error:
        settings(tmp_path)
    assert line not in str(error.value)


def test_no_secret_is_in_the_repr_or_in_an_error_message(tmp_path: Path) -> None:
    secrets = {"SPOTIFY_CLIENT_SECRET": "hidden-secret", "SPOTIFY_REFRESH_TOKEN": "hidden-token"}
    found = settings(tmp_path, SPOTIFY_CLIENT_ID="mine", **secrets)
    assert (found.client_secret, found.refresh_token) == ("hidden-secret", "hidden-token")
    assert "hidden" not in repr(found) + str(found)
    with pytest.raises(BadSetting) as error:
        settings(tmp_path, **secrets)
    assert "hidden" not in str(error.value)


def test_only_declared_names_are_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("is_demo=0\nnow=2020-01-01\nTHEIRS=1\n")
    assert settings(tmp_path, is_demo="0", client_id="x").is_demo
    assert settings(tmp_path).now.year > 2020


def test_an_empty_variable_hides_the_value_in_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SPOTIFY_CLIENT_ID=mine\nMAX_CALLS=7\n")
    assert settings(tmp_path).client_id == "mine"
    hidden = settings(tmp_path, SPOTIFY_CLIENT_ID="", MAX_CALLS="")
    assert (hidden.client_id, hidden.max_calls, hidden.is_demo) == ("", None, True)


def test_without_settings_the_demo_account_is_used_with_its_own_folder(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert found.is_demo
    assert found.lake_url == str(tmp_path / "data" / "demo" / "lake")
    assert found.duckdb_path == tmp_path / "data" / "demo" / "spotify.duckdb"
    assert found.api_url == "https://api.spotify.com/v1"
    assert (found.target, found.time_zone, found.max_calls, found.redirect_port) == ("dev", "UTC", None, 8974)


def test_a_client_id_selects_the_users_own_account(tmp_path: Path) -> None:
    found = settings(tmp_path, SPOTIFY_CLIENT_ID="mine")
    assert not found.is_demo
    assert found.lake_url == str(tmp_path / "data" / "lake")
    assert found.duckdb_path == tmp_path / "data" / "spotify.duckdb"


def test_a_token_file_selects_the_users_own_account(tmp_path: Path) -> None:
    assert not settings(tmp_path, SPOTIFY_TOKEN_FILE="elsewhere.json").is_demo
    kept = tmp_path / "data" / "spotify_token.json"
    kept.parent.mkdir()
    kept.write_text("{}")
    assert not settings(tmp_path).is_demo
    assert settings(tmp_path, SPOTIFY_TOKEN_FILE="").is_demo


def test_addresses_do_not_change_the_account(tmp_path: Path) -> None:
    found = settings(tmp_path, SPOTIFY_API_URL="http://127.0.0.1:1/v1/", SPOTIFY_ACCOUNTS_URL="http://127.0.0.1:1")
    assert found.is_demo
    assert found.api_url == "http://127.0.0.1:1/v1"


def test_a_refresh_token_without_its_client_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="SPOTIFY_CLIENT_ID"):
        settings(tmp_path, SPOTIFY_REFRESH_TOKEN="any")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPOTIFY_API_URL", "api.spotify.com"),
        ("SPOTIFY_REDIRECT_PORT", "0"),
        ("SPOTIFY_REDIRECT_PORT", "eighty"),
        ("SPOTIFY_REDIRECT_PORT", "70000"),
        ("SPOTIFY_CONSENTED_AT", "yesterday"),
        ("LAKE_URL", "gs://bucket"),
        ("LAKE_URL", "s3:/bucket/lake"),
        ("LAKE_URL", "s3://Not A Bucket/lake"),
        ("TARGET", "prod"),
        ("TARGET", "production"),
        ("AWS_REGION", "Frankfurt"),
        ("GLUE_PREFIX", "my-prefix"),
        ("MAX_CALLS", "0"),
        ("MAX_CALLS", "-1"),
        ("MAX_CALLS", "1.5"),
        ("MAX_CALLS", "²"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", "/etc"),
        ("TIME_ZONE", "posix/Europe/Berlin"),
        ("DUCKDB_PATH", "/what?/x.duckdb"),
        ("DEMO_NOW", "2026-13-01"),
        ("DEMO_DAYS", "-1"),
    ],
)
def test_a_malformed_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name) as error:
        settings(tmp_path, **{name: value})
    assert value in str(error.value)


@pytest.mark.parametrize("content", [b"", b"\n", bytes(100)])
def test_a_dotenv_file_that_a_power_cut_emptied_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(BadSetting, match=r"\.env is empty; write your settings into it again"):
        settings(tmp_path)


@pytest.mark.parametrize(("file", "content"), [(".env", b"LAKE_URL=caf\xe9\n")])
def test_a_dotenv_file_that_cannot_be_read_is_named(tmp_path: Path, file: str, content: bytes) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(BadSetting, match=file):
        settings(tmp_path)


@pytest.mark.parametrize("written", ["2026-11-02T09:30:00+01:00", "2026-11-02T08:30:00Z", "2026-11-02T08:30:00"])
def test_a_time_with_an_offset_is_converted_to_utc(tmp_path: Path, written: str) -> None:
    assert settings(tmp_path, SPOTIFY_CONSENTED_AT=written).consented_at == dt.datetime(2026, 11, 2, 8, 30)


def test_relative_paths_start_at_the_project_folder(tmp_path: Path) -> None:
    found = settings(tmp_path, LAKE_URL="here", DUCKDB_PATH="there/x.duckdb", SPOTIFY_TOKEN_FILE="t.json")
    assert (found.lake_url, found.duckdb_path) == (str(tmp_path / "here"), tmp_path / "there" / "x.duckdb")
    assert found.token_file == str(tmp_path / "t.json")
    assert settings(tmp_path, LAKE_URL="file:///far/away").lake_url == "/far/away"


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    empty = {setting.name: "" for setting in SETTINGS}
    found, plain = load_settings(empty, tmp_path), load_settings({}, tmp_path)
    assert found.model_copy(update={"now": plain.now}) == plain


def test_production_requires_a_lake_on_s3_and_its_region(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="AWS_REGION is not set"):
        settings(tmp_path, LAKE_URL="s3://bucket/lake")
    found = settings(tmp_path, TARGET="prod", LAKE_URL="s3://bucket/lake/", AWS_REGION="eu-central-1")
    assert (found.lake_url, found.region, found.target) == ("s3://bucket/lake", "eu-central-1", "prod")
    assert (found.work_group, found.glue_prefix) == ("spotify-elt", "spotify")
    assert settings(tmp_path, LAKE_URL="s3://bucket/lake", AWS_DEFAULT_REGION="us-east-1").region == "us-east-1"


def test_the_working_files_are_below_the_data_folder_unless_a_work_folder_is_set(tmp_path: Path) -> None:
    assert settings(tmp_path).work_dir == tmp_path / "data" / "demo"
    own = settings(tmp_path, SPOTIFY_CLIENT_ID="mine", DUCKDB_PATH="elsewhere/x.duckdb")
    assert own.work_dir == tmp_path / "data"
    moved = settings(tmp_path, SPOTIFY_CLIENT_ID="mine", WORK_DIR="/var/elt")
    assert moved.work_dir == Path("/var/elt")
    assert Path("/var/elt/dlt") in moved.working_dir.parents
    assert moved.lake_url == own.lake_url


def test_tokens_in_aws_select_the_users_own_account(tmp_path: Path) -> None:
    found = settings(tmp_path, SPOTIFY_TOKEN_FILE="ssm:/spotify-elt/token", AWS_REGION="eu-central-1")
    assert not found.is_demo
    assert str(found.token_file) == "ssm:/spotify-elt/token"


@pytest.mark.parametrize("sign", ["%", "#", "?"])
def test_a_sign_that_a_library_gives_a_meaning_keeps_its_files_out_of_the_work_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    odd = tmp_path / f"100{sign} music"
    (tmp_path / "link").symlink_to(odd)
    for folder in (odd, tmp_path / "link"):
        found = settings(tmp_path, WORK_DIR=str(folder))
        assert tmp_path / "home" in found.working_dir.parents
        assert sign not in str(found.working_dir)
        assert found.work_dir == folder
    plain = settings(tmp_path, WORK_DIR=str(tmp_path / "it's [mine]"))
    assert plain.scratch_dir == plain.work_dir


def test_a_dotenv_file_with_the_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfMAX_CALLS=7\r\nTIME_ZONE=Europe/Berlin\r\n")
    found = settings(tmp_path)
    assert (found.max_calls, found.time_zone) == (7, "Europe/Berlin")


def test_the_zone_that_a_login_keeps_leaves_the_other_lines(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nMAX_CALLS=7\n")
    keep_zone(tmp_path, "Asia/Tokyo")
    assert (tmp_path / ".env").read_text() == "# mine\nMAX_CALLS=7\nTIME_ZONE=Asia/Tokyo\n"
    assert settings(tmp_path).time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(("named", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC"), ("", "UTC")])
def test_the_zone_of_the_machine_is_one_that_duckdb_knows(
    monkeypatch: pytest.MonkeyPatch, named: str, zone: str
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: named)
    assert machine_zone() == zone
