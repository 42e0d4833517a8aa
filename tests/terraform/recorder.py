"""Runs the program and records every permission that its AWS calls need.

    python -m tests.terraform.recorder recorded.jsonl extract    # runs a verb of the program and records its calls
    python -m tests.terraform.recorder recorded.jsonl            # adds the recorded permissions to calls.json

The first command appends one line for each new permission. So several runs can share one file, and a run that is killed
keeps what it recorded.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore import handlers

from tests.terraform.calls import Permission, permissions

CALLS = Path(__file__).with_name("calls.json")


class Recorder:
    """Handles an event that botocore emits once for each call of boto3 and s3fs; retries do not repeat the event."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seen: set[Permission] = set()
        self.work_group = "primary"  # Athena's default

    def handle(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        service, operation = model.service_model.service_name, model.name
        if service == "athena":
            self.work_group = params.get("WorkGroup", self.work_group)
        for permission in sorted(permissions(service, operation, params, self.work_group) - self.seen):
            self.seen.add(permission)
            with self.file.open("a") as file:
                file.write(json.dumps(permission._asdict()) + "\n")


def record(file: Path) -> None:
    """Record the calls of every botocore session that this process creates from now on."""
    handlers.BUILTIN_HANDLERS.append(("before-parameter-build", Recorder(file).handle))


def read(file: Path) -> set[Permission]:
    return {Permission(**json.loads(line)) for line in file.read_text().splitlines()}


def add(recorded: set[Permission], calls: Path = CALLS) -> None:
    """Add permissions to calls.json. Removes none from `recorded`, because no single run makes every call."""
    lists = json.loads(calls.read_text())
    before = {Permission(one["action"], one["resource"]) for one in lists["recorded"]}
    lists["recorded"] = [one._asdict() for one in sorted(before | recorded)]
    lists["not_recorded"] = [one for one in lists["not_recorded"] if (one["action"], one["resource"]) not in recorded]
    parts = (
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(one)}" for one in lists[name]) + "\n  ]"
        for name in ("recorded", "not_recorded")
    )
    calls.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    file, verb = Path(sys.argv[1]), sys.argv[2:]
    if verb:
        from orchestration.cli import main

        record(file)
        sys.argv = ["spotify-elt", *verb]
        main()
    else:
        add(read(file))
