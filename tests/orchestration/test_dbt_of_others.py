"""Options of another dbt project, in the environment, do not reach a build."""

import os

import pytest

from orchestration.warehouses.dbt import _nothing_left_behind


def test_the_options_of_another_dbt_project_are_hidden_from_a_build_and_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = {"DBT_EMPTY": "1", "DBT_DEFER": "1", "DBT_PROFILES_DIR": "/theirs", "DBT_TARGET": "theirs"}
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    with _nothing_left_behind():
        assert not [name for name in os.environ if name.startswith("DBT_")]
    assert {name: os.environ[name] for name in theirs} == theirs
