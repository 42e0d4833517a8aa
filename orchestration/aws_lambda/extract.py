"""The function `extract`, which EventBridge Scheduler starts every hour."""

from contextlib import closing
from typing import Any

from orchestration.aws_lambda import function, marker
from pipelines.lake.store import Lake
from pipelines.settings import load_settings


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Load what is new, and write the marker. Returns counts. The event says nothing."""
    settings = load_settings()
    with closing(Lake.of(settings)) as lake:
        record = function.carried_out("extract", settings, lake, context)
        is_marked = marker.write_if_due(lake, record)
        function.tell("extract", settings, lake)
    return function.counts(record) | {"marker": is_marked}
