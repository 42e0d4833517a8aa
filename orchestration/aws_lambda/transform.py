"""The function `transform`, which a rule of EventBridge starts when `extract` has written its marker."""

from contextlib import closing
from typing import Any

from orchestration.aws_lambda import function, marker
from pipelines.lake.store import Lake
from pipelines.settings import load_settings

HOURS = "at_most_every_hours"


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Build and test the tables, if the marker is newer than they are. Returns counts.

    The rule sends `{"at_most_every_hours": 23}`. An event without this number, as of a person, always builds.
    """
    settings = load_settings()
    with closing(Lake.of(settings)) as lake:
        hours = event.get(HOURS) if isinstance(event, dict) else None
        if hours is not None and not marker.asks_for_build(lake, float(hours)):
            return {"built": False}
        record = function.carried_out("build", settings, lake, context)
        function.tell("build", settings, lake)
    return function.counts(record) | {"built": True}
