"""The table `about` of the DuckDB file: what a person sees first when a program opens the file."""

from collections.abc import Iterable, Iterator, Mapping

from orchestration.warehouses.marts import Mart, split

ABOUT = "about"
COMMENT = "One row per table of this file: what it holds, how many rows it has, and which days it covers."
COLUMNS = {
    "table_name": ("varchar", "Name of the table. It works with and without the schema marts."),
    "subject": (
        "varchar",
        "What the table is about: listening, core (plays and library) or coverage.",
    ),
    "grain": ("varchar", "What one row of the table is."),
    "row_count": ("bigint", "Number of rows."),
    "since": ("date", "First day that the rows cover; null for a table without a time."),
    "until": ("date", "Last day that the rows cover."),
    "description": (
        "varchar",
        "More about the table. Each of its columns has a comment too.",
    ),
}


def statements(
    marts: Iterable[Mart], comments: Mapping[str, str | None], columns: set[tuple[str, str]]
) -> Iterator[str]:
    """SQL that makes the table. `comments` has the tables of the file, `columns` their columns as (table, column)."""
    yield f"create table main.{ABOUT} ({', '.join(f'{name} {kind}' for name, (kind, _) in COLUMNS.items())})"
    yield f"comment on table main.{ABOUT} is {text(COMMENT)}"
    for name, (_, meaning) in COLUMNS.items():
        yield f"comment on column main.{ABOUT}.{name} is {text(meaning)}"
    known = {mart.name: mart for mart in marts}
    for name in sorted(comments, key=lambda name: list(known).index(name) if name in known else len(known)):
        mart = known.get(name)
        first, more = split(comments[name] or "")
        days = [f"cast({each} as date)" for each in mart.covers if (name, each) in columns] if mart else []
        since, until = (f"min({days[0]})", f"max({days[-1]})") if days else ("null", "null")
        yield (
            f"insert into main.{ABOUT} select {text(name)}, {text(mart.subject if mart else None)}, "
            f"{text(first)}, count(*), {since}, {until}, {text(more or None)} from marts.{name}"
        )


def text(value: str | None) -> str:
    """A text as an SQL literal."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"
