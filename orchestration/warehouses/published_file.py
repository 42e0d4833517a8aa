"""The DuckDB file that people open. No build writes into it: a new file with the marts of a good build replaces it.

So nobody sees a build that is not finished, and a reader never stops a build. A reader keeps the file that it has open.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.report.console import relative_path
from orchestration.warehouses import about
from orchestration.warehouses.about import ABOUT, text
from orchestration.warehouses.dbt import WarehouseBusy, WarehouseUnusable
from orchestration.warehouses.marts import Mart
from pipelines import durable
from pipelines.lake import manifest
from pipelines.raw.duckdb_form import OLDEST_FORM
from pipelines.settings import ROOT, BadSetting

MARTS, FACTS, MADE_FOR = "marts", "spotify_elt", "made_for"
MADE_FOR_COMMENT = "For builds only: the account, as a hash, and the lake that these tables were made from."
# Earlier versions of this program kept all its schemas in the file.
OUR_SCHEMAS = {MARTS, FACTS, "raw", "staging", "intermediate"}
RELATIONS = """
    select schema_name, table_name, comment from duckdb_tables() where database_name = ? and not temporary
    union all
    select schema_name, view_name, comment from duckdb_views() where database_name = ? and not internal
"""
COLUMNS = """
    select table_name, column_name, comment from duckdb_columns()
    where database_name = 'build' and schema_name = 'marts'
"""


@dataclass(frozen=True)
class Owner:
    """Whose tables a file holds: the hashed ids of the account, and the address of the lake."""

    accounts: frozenset[str]
    lake: str


def check_address(file: Path) -> None:
    """Raise BadSetting when the address is a folder."""
    if file.is_dir():
        raise BadSetting(f"DUCKDB_PATH is the folder {file}; write it with a file name, for instance spotify.duckdb")


def check_replaceable(file: Path, owner: Owner, folder: Path) -> None:
    """Raise WarehouseUnusable when something would be lost: another account's tables, another lake's, or own ones.

    `folder` is a place for a copy, which is read while another program holds the file.
    """
    check_address(file)
    if not file.exists() or not file.stat().st_size:
        return
    with _opened(file, folder) as db:
        name = db.execute("select current_database()").fetchall()[0][0]
        found = [(schema, relation) for schema, relation, _ in db.execute(RELATIONS, [name, name]).fetchall()]
        schemas = [schema for schema, relation in found if relation == MADE_FOR]
        rows = db.execute(f'select * from "{schemas[0]}".{MADE_FOR}').fetchall() if schemas else []
    _check_owner(file, owner, Owner(frozenset(row[0] for row in rows), rows[0][1] if rows and len(rows[0]) > 1 else ""))
    marts = {relation for schema, relation in found if schema == MARTS}
    own = [
        f"{schema}.{relation}"
        for schema, relation in found
        if not schemas or not (schema in OUR_SCHEMAS or (schema == "main" and relation in marts | {ABOUT, MADE_FOR}))
    ]
    if own:
        raise WarehouseUnusable(
            f"{file} holds {', '.join(sorted(own)[:3])}, which no build makes, and a build replaces the whole file; "
            "keep it in a file of its own, or set DUCKDB_PATH to another file"
        )


def _check_owner(file: Path, owner: Owner, found: Owner) -> None:
    if owner.accounts and found.accounts and not owner.accounts & found.accounts:
        raise WarehouseUnusable(f"{file} holds the tables of another Spotify account; set DUCKDB_PATH to another file")
    if not found.lake or found.lake == owner.lake:
        return
    # A lake that was moved with its clone or alone is no longer at its former address.
    if "://" in found.lake or (ROOT / found.lake / manifest.MANIFEST).exists():
        raise WarehouseUnusable(
            f"{file} holds the tables of the lake {found.lake}, and this run uses {owner.lake}; set DUCKDB_PATH to "
            "another file for this lake, or delete the file, which a build makes again"
        )


def replace(file: Path, build_file: Path, owner: Owner, marts: Sequence[Mart] = ()) -> None:
    """Make a new file with the marts of the build file, and put it in the place of the file in one step.

    `marts` is what the yml files declare; the table `about` shows it. Other tables of the schema are left out, because
    dbt keeps the table of a model that no longer exists. Without marts every table is taken.
    """
    target = file.resolve()  # a link stays a link
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.new")
    for left_by_a_kill in (new, _wal(new)):
        left_by_a_kill.unlink(missing_ok=True)
    with duckdb.connect(str(new), config=OLDEST_FORM) as db:
        db.execute(f"attach {text(str(build_file))} as build (read_only)")
        # In one transaction, because DuckDB waits for the disk at each commit.
        db.begin()
        db.execute(";\n".join(_statements(db, marts)))
        db.execute(f"create schema {FACTS}; create table {FACTS}.{MADE_FOR} (account varchar, lake varchar)")
        db.execute(f"comment on table {FACTS}.{MADE_FOR} is {text(MADE_FOR_COMMENT)}")
        accounts: list[str | None] = [*sorted(owner.accounts)]
        rows = [(account, owner.lake) for account in accounts or [None]]
        db.executemany(f"insert into {FACTS}.{MADE_FOR} values (?, ?)", rows)
        db.commit()
        db.execute("detach build")
    if target.exists():
        shutil.copymode(target, new)
    durable.sync([new], new.parent)
    # DuckDB would replay the log of the old file into the new one.
    _wal(target).unlink(missing_ok=True)
    new.replace(target)
    durable.sync([target], target.parent)


def _statements(db: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> Iterator[str]:
    """One table for each mart, a view in the schema `main`, which every tool shows first, and the table `about`.

    No statement names the database, so the file works under any name and in any folder.
    """
    declared = {mart.name for mart in marts}
    comments = {
        name: comment and comment.strip()
        for schema, name, comment in db.execute(RELATIONS, ["build", "build"]).fetchall()
        if schema == MARTS and (not declared or name in declared)
    }
    columns = [row for row in db.execute(COLUMNS).fetchall() if row[0] in comments]
    yield f"create schema {MARTS}"
    for name, comment in comments.items():
        yield f"create table {MARTS}.{name} as from build.{MARTS}.{name}"
        yield f"create view main.{name} as from {MARTS}.{name}"
        yield f"comment on table {MARTS}.{name} is {text(comment)}"
        yield f"comment on view main.{name} is {text(comment)}"
    for name, column, comment in columns:
        yield f"comment on column {MARTS}.{name}.{column} is {text(comment)}"
        yield f"comment on column main.{name}.{column} is {text(comment)}"
    yield from about.statements(marts, comments, {(name, column) for name, column, _ in columns})


@contextmanager
def _opened(file: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file to read. Another program may hold it for writing; then a copy of it is opened."""
    with TemporaryDirectory(dir=folder, prefix="copy-") as copies:
        try:
            try:
                db = duckdb.connect(str(file), read_only=True)
            except (duckdb.IOException, duckdb.ConnectionException) as error:
                if isinstance(error, duckdb.IOException) and "lock" not in str(error):
                    raise
                if _wal(file).exists():
                    reason = str(error).splitlines()[0]
                    raise WarehouseBusy(
                        f"another program is writing to {file}; close it and run `make build` ({reason})"
                    ) from None
                db = duckdb.connect(shutil.copy(file, copies), read_only=True)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise WarehouseUnusable(
                f"{file} is not a DuckDB file of this version; move it away, and `make build` makes a new one "
                f"({reason})"
            ) from None
        with db:
            yield db


def _wal(file: Path) -> Path:
    return file.with_name(f"{file.name}.wal")


def address_of(lake_url: str) -> str:
    """The lake as it is kept in the file: without the path of the project, so that the project can be moved."""
    return relative_path(lake_url)
