"""Which rows pass the change filter, and how row hashes are kept in dlt's state."""

import datetime as dt
from typing import Any

import pytest

from pipelines.raw import changes
from pipelines.raw.changes import ChangeFilter, StateRowHashes
from pipelines.raw.contract import ContractBroken, check
from pipelines.raw.table import Table, date, removal, text, timestamp

NOW = dt.datetime(2026, 11, 2, 8)
THINGS = Table(
    "things",
    "One row per thing.",
    key=("id",),
    columns=(text("id", "Id.", null=False), text("name", "Name."), removal()),
)
PLAYS = Table("plays", "One row per play.", key=("at",), columns=(timestamp("at", "Time.", null=False),), since="at")
DAYS = Table("days", "One row per day.", key=("day",), columns=(date("day", "Day.", null=False),))
TABLES = {table.name: table for table in (THINGS, PLAYS, DAYS)}


def run(state: dict[str, dict[str, str]]) -> ChangeFilter:
    return ChangeFilter(TABLES, StateRowHashes(lambda: state), NOW)


def thing(key: str, name: str) -> tuple[str, dict[str, Any]]:
    return "things", {"id": key, "name": name, "is_removed": False}


def test_a_row_passes_when_it_is_new_or_changed_since_the_run_before() -> None:
    state: dict[str, dict[str, str]] = {}
    assert [row["id"] for row in run(state).changed([thing("a", "A"), thing("b", "B")])["things"]] == ["a", "b"]
    assert [row["id"] for row in run(state).changed([thing("a", "A"), thing("b", "other")])["things"]] == ["b"]


def test_an_item_that_left_is_no_current_key_until_it_comes_back() -> None:
    state: dict[str, dict[str, str]] = {}
    run(state).changed([thing("a", "A")])
    hashes = StateRowHashes(lambda: state)
    assert hashes.current_keys(THINGS) == {("a",)}
    run(state).tombstones(THINGS, [("a",)])
    assert hashes.current_keys(THINGS) == set()
    assert run(state).changed([thing("a", "A")])
    assert hashes.current_keys(THINGS) == {("a",)}


def test_a_page_that_breaks_the_contract_leaves_no_hash_behind() -> None:
    state: dict[str, dict[str, str]] = {}
    with pytest.raises(ContractBroken):
        run(state).changed([thing("a", "A"), ("things", {"id": "b", "name": 5, "is_removed": False})])
    assert state == {}


def test_a_table_with_a_time_keeps_only_the_last_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "TIMED_KEYS_KEPT", 3)
    state: dict[str, dict[str, str]] = {}
    for minute in range(5):
        run(state).changed([("plays", {"at": NOW + dt.timedelta(minutes=minute)})])
    assert len(state["plays"]) == 3
    assert run(state).changed([("plays", {"at": NOW + dt.timedelta(minutes=4)})]) == {}


@pytest.mark.parametrize("value", [dt.datetime(2026, 11, 2), "2026-11-02", 20261102, True])
def test_only_a_date_fits_a_date_column(value: Any) -> None:
    row = {"day": value, "read_at": NOW, "row_hash": "h"}
    with pytest.raises(ContractBroken, match=r"days\.day should be date"):
        check(DAYS, [row])
    check(DAYS, [row | {"day": dt.date(2026, 11, 2)}])
