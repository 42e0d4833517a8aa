"""Query executions. Each runs its statement in a thread."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.athena.control import Control, WorkGroup
from tests.simulators.athena.hive_ddl import Failed, HiveDdl
from tests.simulators.athena.sql_tokens import Unexpected
from tests.simulators.athena.statements import Statement, with_location
from tests.simulators.athena.trino_query import TrinoFailed, TrinoQuery

Json = dict[str, Any]
# Athena's ErrorCategory: 1 is an error of Athena, 2 of the user, 3 of others.
CATEGORIES = {"INTERNAL_ERROR": 1, "USER_ERROR": 2}
WITH_COUNT = ("INSERT", "CREATE_TABLE_AS_SELECT")
# A statement that failed or was stopped may still write files, delete them, and make its table.
STILL_AT_WORK = """
    select query_id from system.runtime.queries where state not in ('FINISHED', 'FAILED') and query_id = '{0}'
    union all
    select query_id from system.runtime.tasks
    where state not in ('FINISHED', 'FAILED', 'ABORTED', 'CANCELED') and query_id = '{0}'
"""


class Stopped(Exception):
    """Ends a statement as CANCELLED. The text becomes its StateChangeReason."""


@dataclass
class Execution:
    """What GetQueryExecution and GetQueryResults show."""

    query: str
    statement: Statement
    work_group: WorkGroup
    database: str | None
    output: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    reason: str | None = None
    category: int = 2
    columns: list[Json] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    update_count: int | None = None
    bytes_scanned: int = 0
    submitted: float = field(default_factory=time.time)
    completed: float | None = None
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")

    def end(self, state: str, reason: str | None = None, category: int = 2) -> None:
        self.reason, self.category, self.completed = reason, category, time.time()
        self.state = state


class Runner:
    """Runs statements on Trino, and Hive DDL with Glue calls."""

    def __init__(self, trino_url: str, glue: Any, control: Control) -> None:
        self.trino_url = trino_url
        self.glue = glue
        self.control = control

    def start(self, execution: Execution) -> None:
        threading.Thread(target=self._run, args=(execution,), daemon=True).start()

    def _run(self, execution: Execution) -> None:
        execution.state = "RUNNING"
        try:
            self._do(execution)
            if reason := self.control.half_way(execution.query):
                raise Failed(reason)
        except Stopped as stopped:
            self._undo(execution)
            execution.end("CANCELLED", str(stopped))
        except Failed as failed:
            self._undo(execution)
            execution.end("FAILED", str(failed), category=1)
        except TrinoFailed as failed:
            execution.end("FAILED", str(failed), CATEGORIES.get(failed.kind, 3))
        except Unexpected as unexpected:
            execution.end("FAILED", f"FAILED: ParseException line 1:0 {unexpected}")
        except Exception as error:
            execution.end("FAILED", f"the Athena simulator has a bug: {error!r}", category=1)
        else:
            execution.end("SUCCEEDED")

    def _do(self, execution: Execution) -> None:
        while any(text in execution.query for text in self.control.lasting):
            self._end_if_stopped(execution)
            time.sleep(0.05)
        statement = execution.statement
        if statement.through_glue:
            lines = HiveDdl(self.glue, execution.database, self.control.may_create_default).run(statement.sql)
            execution.columns = [_text_column(statement.subtype.lower())] if lines else []
            execution.rows = [[line] for line in lines]
            return
        if statement.table and not statement.location:
            statement = with_location(statement, f"{execution.output}tables/{execution.id}/")
        execution.statement = statement
        query = TrinoQuery(self.trino_url, statement.sql, execution.database, statement.compression)
        try:
            for page in query.pages(watch=lambda statistics: self._watch(execution, statistics)):
                execution.columns = page.get("columns", execution.columns)
                execution.rows += page.get("data", [])
                execution.update_count = page.get("updateCount", execution.update_count)
        except (TrinoFailed, Stopped):
            self._wait_for_the_last_task(query.id)
            raise
        if statement.subtype in WITH_COUNT:
            execution.rows = []
        if statement.subtype == "CREATE_VIEW":
            execution.columns, execution.rows = [], []

    def _wait_for_the_last_task(self, query_id: str) -> None:
        sql = STILL_AT_WORK.format(query_id)
        while any(page.get("data") for page in TrinoQuery(self.trino_url, sql, None, None).pages(watch=lambda _: None)):
            time.sleep(0.05)

    def _watch(self, execution: Execution, statistics: Json) -> None:
        execution.bytes_scanned = statistics["physicalInputBytes"]
        self._end_if_stopped(execution)
        cutoff = execution.work_group.bytes_scanned_cutoff
        if cutoff is not None and execution.bytes_scanned > cutoff:
            raise Stopped("Bytes scanned limit was exceeded")

    def _end_if_stopped(self, execution: Execution) -> None:
        if execution.is_stopped:
            raise Stopped("Query cancelled by user")

    def _undo(self, execution: Execution) -> None:
        """Drop the table of a CTAS that failed. As on Athena, the files stay."""
        if execution.statement.table:
            database, name = execution.statement.table
            try:
                self.glue.delete_table(DatabaseName=database or execution.database, Name=name)
            except self.glue.exceptions.EntityNotFoundException:
                pass


def _text_column(name: str) -> Json:
    return {"name": name, "typeSignature": {"rawType": "varchar", "arguments": []}}
