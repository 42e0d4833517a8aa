"""What a run did, as one record: printed for people by the summary, kept for programs as JSON in the lake."""

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orchestration.warehouses.dbt import BuildResult
from pipelines.lake import manifest

if TYPE_CHECKING:
    from pipelines.load import LoadResult

    # dlt looks for its configuration when it is imported; the settings tell it where, so they come first.
    pass


@dataclass
class RunReport:
    """Everything that the summary says. Times are UTC, `seconds` are those of each part."""

    verb: str
    read_at: dt.datetime
    is_demo: bool
    lake: str
    warehouse: str
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
    broken: list[str] = field(default_factory=list)
    top_artists: list[dict[str, Any]] = field(default_factory=list)
    next_step: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    aws: dict[str, Any] | None = None

    def add_load(self, loaded: "LoadResult") -> None:
        self.account, self.mode = loaded.account, loaded.mode
        self.resources = [asdict(report) for report in loaded.reports]
        self.rows_appended, self.calls, self.token_calls = loaded.rows, loaded.calls, loaded.token_calls
        self.warnings += loaded.warnings
        self.ended_by = str(loaded.ended) if loaded.ended else None

    def add_build(self, built: BuildResult) -> None:
        self.models_built, self.tests_passed = built.models, built.tests
        self.tests_failed, self.broken = list(built.failed), list(built.broken)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"read_at": self.read_at.isoformat()}

    def impersonal(self) -> "RunReport":
        """The same without who and what was heard, for a log that anybody may read."""
        return replace(self, account="", top_artists=[])

    @property
    def kept_in(self) -> str:
        """A build alone says nothing of the account, so it does not replace what the last reading said."""
        return manifest.LAST_BUILD if self.verb == "build" else manifest.LAST_RUN

    @property
    def is_anything_new(self) -> bool:
        return any(count for table, count in self.rows_appended.items() if table != "resource_runs")

    @property
    def are_resources_stopped(self) -> bool:
        return any(resource["outcome"] == "stopped" or resource["not_before"] for resource in self.resources)
