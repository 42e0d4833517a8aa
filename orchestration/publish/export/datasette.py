"""What Datasette shows beside the tables: descriptions, and the names that links to a row have.

https://docs.datasette.io/en/stable/metadata.html
"""

import json
from pathlib import Path

from orchestration.publish.export import sqlite
from orchestration.publish.export.tables import Table

FILE = "metadata.json"
TITLE = "Your Spotify listening, as tables you own"
# Without it the descriptions of forty columns stand above the rows.
STYLE = "data:text/css,.column-descriptions{max-height:8em;overflow:auto;resize:vertical}"


def metadata(tables: list[Table]) -> str:
    """The file for `datasette spotify.sqlite --metadata metadata.json`."""
    described = {table.name: _of(table) for table in tables}
    database = {"description": "The marts of spotify-elt.", "tables": described}
    return json.dumps(
        {"title": TITLE, "extra_css_urls": [STYLE], "databases": {Path(sqlite.FILE).stem: database}},
        indent=2,
        ensure_ascii=False,
    )


def _of(table: Table) -> dict[str, object]:
    found: dict[str, object] = {
        "description": table.comment,
        "columns": {column.name: column.comment for column in table.columns},
    }
    if table.mart.covers:
        found["sort_desc"] = table.mart.covers[-1]
    # Datasette shows this column instead of the id of a dimension.
    thing = table.name.removeprefix("dim_").removesuffix("s")
    if any(column.name == f"{thing}_name" for column in table.columns):
        found["label_column"] = f"{thing}_name"
    return found
