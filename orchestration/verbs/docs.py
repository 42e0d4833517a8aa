"""`make docs`: the dbt docs site as one static file, in a folder that can be published as it is."""

import shutil

from orchestration.report.console import echo, relative_path, spinner
from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import TRANSFORM
from pipelines.settings import BadSetting, Settings


def docs(settings: Settings) -> int:
    if settings.target == "dev" and not settings.duckdb_path.exists():
        raise BadSetting(f"{relative_path(str(settings.duckdb_path))} is not built yet; run `make elt` first")
    with spinner("writing the docs"), dbt.environment(settings):
        page = dbt.docs(TRANSFORM, settings.target, settings.work_dir / "dbt")
    target = settings.work_dir / "docs" / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(page, target)
    echo(f"every table and column: {relative_path(str(target))}")
    return 0
