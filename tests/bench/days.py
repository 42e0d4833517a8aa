"""How far one day reaches into a long history: the rows of `fct_plays` that are new or changed on the next day.

A day brings plays, and it brings what Spotify says of tracks that only an export had named. So old plays change too.
The benchmark says which column differs in most of the changed plays. It counts no play that is gone.
"""

import shutil
import tempfile
from pathlib import Path

import duckdb

from tests.bench.subprocesses import ELT, PYTHON, measured, settings
from tests.bench.table import Rows, echo

DAYS = 5
# The clock of the demo account on its first day.
EXPORT = (PYTHON, "-m", "pipelines.demo", "export", "--from", "2011-01-01", "--until", "2026-11-02T08:00:00Z")
CHANGED = """
    select count(*), count(distinct played_on), count(distinct played_month)
    from (from after.marts.fct_plays except from before.marts.fct_plays)
"""
COLUMNS = """
    select column_name from duckdb_columns()
    where database_name = 'after' and table_name = 'fct_plays' and column_name <> 'play_id'
"""
DIFFERENT = """
    select count(*) from after.marts.fct_plays as now inner join before.marts.fct_plays as past using (play_id)
    where now.{column} is distinct from past.{column}
"""
ALL = "select count(*), count(distinct played_on), count(distinct played_month) from after.marts.fct_plays"


def days() -> Rows:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = settings(folder)
        echo("days: the demo account with the history of sixteen years")
        measured([*EXPORT, str(folder / "export")], environment)
        measured([ELT, "extract"], environment)
        measured([ELT, "import", str(folder / "export")], environment)
        measured([ELT, "build"], environment)
        return [_day(number, folder, environment) for number in range(1, DAYS + 1)]


def _day(number: int, folder: Path, environment: dict[str, str]) -> tuple[str, str, str]:
    echo(f"days: day {number}")
    before, after = folder / "before.duckdb", folder / "spotify.duckdb"
    shutil.copy(after, before)
    measured([ELT, "elt"], environment | {"DEMO_DAYS": str(number)})
    with duckdb.connect() as db:
        db.execute(f"attach '{before}' as before (read_only); attach '{after}' as after (read_only)")
        ((rows, played_on, months),) = db.execute(CHANGED).fetchall()
        ((all_rows, all_days, all_months),) = db.execute(ALL).fetchall()
        names = [name for (name,) in db.execute(COLUMNS).fetchall()]
        counts = {name: int(db.execute(DIFFERENT.format(column=name)).fetchall()[0][0]) for name in names}
    most = max(counts, key=lambda name: counts[name])
    share = f"{rows / all_rows:.2%} of {all_rows:,}; {counts[most]:,} in {most}"
    return (
        f"day {number}",
        f"{rows:,} rows",
        f"{share}; {played_on:,} of {all_days:,} days; {months} of {all_months} months",
    )
