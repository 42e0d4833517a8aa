"""dbt's messages in one line."""

import re
from typing import Any

from pipelines.aws.errors import cause_ends_at

# A row of the table in dbt's message about a contract: column, type in the SQL, type in the yml, reason.
MISMATCH = re.compile(r"^\s*\|([^|]+)\|([^|]*)\|([^|]*)\|([^|]*)\|\s*$", re.MULTILINE)


def name(node: Any) -> str:
    """The name of a node for people: `marts.fct_plays`, or the name of a test."""
    return f"{node.schema}.{node.name}" if node.resource_type == "model" else str(node.name)


def rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def reason(message: str | None) -> str:
    """dbt's message as one line; of a broken contract, only the columns that differ."""
    found = [[cell.strip() for cell in row] for row in MISMATCH.findall(message or "")]
    columns = [
        f"column {name}: {reason} (SQL {in_sql or 'none'}, yml {in_yml or 'none'})"
        for name, in_sql, in_yml, reason in found
        if name != "column_name" and not name.startswith("--")
    ]
    if "enforced contract" in (message or "") and columns:
        return f"the SQL does not match the contract in the yml: {'; '.join(columns)}"
    return one_line(message)


def one_line(message: str | None) -> str:
    """One of dbt's messages, which are a heading and indented lines, as one line."""
    lines = [line.strip() for line in (message or "").splitlines()]
    text = " ".join(line for line in lines if line)
    return text[: max(300, cause_ends_at(text))] or "no reason given"
