"""Files of marts that no build made: the tables of the contracts, filled with invented rows.

So a test has any account in a moment. Every table has the columns and types that its yml declares.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
import yaml

from pipelines.settings import ROOT
from tests.publish.report.listener_rows import STATEMENTS

MODELS = ROOT / "transform" / "models" / "marts"
NAMES = ("Selilnesh Ensemble", "DJ Fenarbin", "The Istuvanes", "Rhualan Griuric", "Yarunayle & Zel", "Oak", "Tamavexen")
# A listener with seasons: more in winter, at weekends and in the evening.
DAYS = """
    select
        day::date as played_on,
        case when '{first}' = '{last}' then 0.05 else
            2 + cos(month(day) / 12.0 * 2 * pi()) + case when isodow(day) > 5 then 1.5 else 0 end
            + (hash(day) % 100) / 40.0
        end as hours,
        greatest(1, round(hours * 15))::bigint as plays
    from range(date '{first}', date '{last}' + 1, interval 1 day) as days(day)
    where '{first}' = '{last}' or hash(day) % 11 > 0
"""


def created(file: Path) -> duckdb.DuckDBPyConnection:
    """A file with every mart, each without rows."""
    db = duckdb.connect(str(file))
    db.execute("create schema marts; set schema = 'marts'")
    for path in sorted(MODELS.rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ()):
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            db.execute(f"create table {model['name']} ({columns})")
    return db


def listener(
    file: Path,
    first: dt.date,
    last: dt.date,
    names: Sequence[str] = NAMES,
    kinds: Sequence[str] = ("artist", "album", "track", "show"),
) -> Path:
    """A file about somebody who listened from the first day to the last, to artists and shows of these names."""
    with created(file) as db:
        db.execute("create temp table days as " + DAYS.format(first=first, last=last))
        db.execute("create temp table names (n bigint, name varchar)")
        db.executemany("insert into names values (?, ?)", list(enumerate(names, 1)))
        db.execute("create temp table kinds as select unnest(?) as item_type", [list(kinds)])
        for statement in STATEMENTS:
            db.execute(statement)
        db.execute("drop table days; drop table names; drop table kinds")
    return file
