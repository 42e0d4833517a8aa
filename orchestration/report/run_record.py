"""The record of a run: the summary prints it, and the lake keeps it as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orchestration.warehouses.dbt import BuildResult
from pipelines.lake import manifest
from pipelines.settings import DEMO_START, Settings

if TYPE_CHECKING:
    # Importing the load imports dlt, which takes a second; a build does not need dlt.
    from pipelines.lake.source import ResourceReport
    from pipelines.load import LoadResult


@dataclass
class RunRecord:
    """What one run did. Times are naive UTC. `seconds` holds the duration of the load and of the build.

    `not_published` says where the tables are when the build did not replace the file that people open.
    """

    verb: str
    read_at: dt.datetime
    is_demo: bool
    lake: str
    warehouse: str
    time_zone: str = "UTC"
    exit_code: int = 0
    account: str = ""
    mode: str = ""
    resources: list[dict[str, Any]] = field(default_factory=list)
    rows_appended: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    token_calls: int = 0
    warnings: list[str] = field(default_factory=list)
    ended_by: str | None = None
    models_built: int = 0
    tests_passed: int = 0
    tests_failed: list[str] = field(default_factory=list)
    tests_warned: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    not_published: str = ""
    top_artists: list[dict[str, Any]] = field(default_factory=list)
    next_step: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    aws: dict[str, Any] | None = None

    def add_load(self, loaded: "LoadResult") -> None:
        """Take over what the load reports. `ended_by` is the error that ended the load early."""
        self.account, self.mode = loaded.account, loaded.mode
        self.resources = [_facts(report) for report in loaded.reports]
        self.rows_appended, self.calls, self.token_calls = loaded.rows, loaded.calls, loaded.token_calls
        self.warnings += loaded.warnings
        self.ended_by = str(loaded.ended) if loaded.ended else None

    def add_build(self, built: BuildResult) -> None:
        """Take over what dbt reports."""
        self.models_built, self.tests_passed = built.models, built.tests
        self.tests_failed, self.tests_warned = list(built.failed), list(built.warned)
        self.broken = list(built.broken)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"read_at": self.read_at.isoformat()}

    def impersonal(self) -> "RunRecord":
        """The record without the account's name, artists and ids of elements, for a log that other people can read."""
        resources = [resource | {"odd_elements": []} for resource in self.resources]
        return replace(self, account="", top_artists=[], resources=resources)

    @property
    def file_name(self) -> str:
        """The file in the lake. A build has a file of its own, so that it does not replace the last load's record."""
        return manifest.LAST_RUN if self.has_load else manifest.LAST_BUILD

    @property
    def has_load(self) -> bool:
        return "load" in self.seconds

    @property
    def has_build(self) -> bool:
        return "build" in self.seconds

    @property
    def has_new_rows(self) -> bool:
        return has_new_rows(self.rows_appended)

    @property
    def has_stopped_resources(self) -> bool:
        return any(resource["outcome"] == "stopped" or resource["not_before"] for resource in self.resources)


def has_new_rows(rows_appended: Mapping[str, int]) -> bool:
    """Whether a load appended rows, apart from its own rows in `resource_runs`."""
    return any(count for table, count in rows_appended.items() if table != "resource_runs")


def _facts(report: "ResourceReport") -> dict[str, Any]:
    """A report without its traceback, which is kept in a file of the work folder."""
    facts = asdict(report)
    del facts["traceback"]
    return facts


def next_step(record: RunRecord, settings: Settings) -> str:
    """What the user can do next; empty when an error ended the load, because its message says what to do."""
    if record.ended_by:
        return ""
    if not record.has_build:
        return "`make build` for the tables"
    if not settings.has_account:
        return "`make login`, so that what you play from now on is kept too"
    if settings.is_demo:
        days = (settings.now - DEMO_START).days + 1
        return f"`make login` for your own account; `make elt DEMO_DAYS={days}` for the demo account's next day"
    return "`make extract` every hour, so that no play is lost (README: Run it every hour)"
