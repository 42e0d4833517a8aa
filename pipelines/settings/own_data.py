"""Whether this clone holds data of a person, also when nobody has logged in."""

import json
from pathlib import Path

MANIFEST = "lake.json"
EXPORTS = "streaming_history"


def has_exports(imports: Path, lake: Path) -> bool:
    """Whether an archive waits in `imports`, or the lake in this folder holds exports and nothing of an account."""
    if imports.is_dir() and any(not path.name.startswith(".") for path in imports.iterdir()):
        return True
    try:
        manifest = json.loads((lake / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return (lake / EXPORTS).is_dir() and isinstance(manifest, dict) and not manifest.get("accounts")
