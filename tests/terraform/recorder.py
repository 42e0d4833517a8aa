"""Runs the program and writes down every permission that its AWS calls asked for.

    python -m tests.terraform.recorder heard.jsonl extract    # a verb of the program, heard
    python -m tests.terraform.recorder heard.jsonl            # what was heard, into calls.json

The first only ever adds, a line a permission, so that several runs share one file and a killed one leaves its part.
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
    """Hears every call of boto3 and s3fs in this process before it is sent, and so once, whatever is tried again."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seen: set[Permission] = set()
        self.work_group = "primary"  # Athena's own default

    def hear(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        service, operation = model.service_model.service_name, model.name
        if service == "athena":
            self.work_group = params.get("WorkGroup", self.work_group)
        for permission in sorted(permissions(service, operation, params, self.work_group) - self.seen):
            self.seen.add(permission)
            with self.file.open("a") as file:
                file.write(json.dumps(permission._asdict()) + "\n")


def record(file: Path) -> None:
    """From now on, every session of this process; those made before are not heard."""
    handlers.BUILTIN_HANDLERS.append(("before-parameter-build", Recorder(file).hear))


def read(file: Path) -> set[Permission]:
    return {Permission(**json.loads(line)) for line in file.read_text().splitlines()}


def keep(heard: set[Permission], calls: Path = CALLS) -> None:
    """Add what was heard to the record; what was there stays, because no single run makes every call."""
    kept = json.loads(calls.read_text())
    before = {Permission(one["action"], one["resource"]) for one in kept["made"]}
    kept["made"] = [one._asdict() for one in sorted(before | heard)]
    kept["not_heard"] = [one for one in kept["not_heard"] if (one["action"], one["resource"]) not in heard]
    parts = (
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(one)}" for one in kept[name]) + "\n  ]"
        for name in ("made", "not_heard")
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
        keep(read(file))
