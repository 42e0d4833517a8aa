"""`make docs`: the documentation of every table as one file, in a folder that can be published."""

import shutil

from orchestration.report.console import echo, relative_path, spinner
from orchestration.warehouses import dbt, warehouse
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.settings import BadSetting, Settings


def docs(settings: Settings) -> int:
    tables = warehouse.of(settings)
    if isinstance(tables, DuckDBFile) and not tables.build_file.exists():
        raise BadSetting(f"{relative_path(str(tables.build_file))} is not built yet; run `make elt` first")
    with spinner("writing the docs"):
        page = dbt.docs(tables.project)
    published = settings.work_dir / "docs" / "index.html"
    published.parent.mkdir(exist_ok=True)
    shutil.copyfile(page, published)
    echo(f"every table and column: {relative_path(str(published))}")
    return 0
