"""`make docs`: the documentation of every table as one file, in a folder that can be published."""

from orchestration import browser
from orchestration.publish import docs_page
from orchestration.report.console import echo, relative_path, spinner
from orchestration.warehouses import dbt, warehouse
from orchestration.warehouses.duckdb import DuckDBFile
from pipelines.settings import BadSetting, Settings


def docs(settings: Settings, no_open: bool = False) -> int:
    """Write the page, and open it when the output is a terminal. Raises BadSetting before the first build."""
    tables = warehouse.of(settings)
    if isinstance(tables, DuckDBFile) and not tables.build_file.exists():
        raise BadSetting(f"{relative_path(str(tables.build_file))} is not built yet; run `make elt` first")
    with spinner("writing the docs"):
        text = docs_page.page(dbt.docs(tables.project), settings.duckdb_path.stem)
    published = settings.work_dir / "docs" / "index.html"
    published.parent.mkdir(exist_ok=True)
    published.write_text(text, encoding="utf-8")
    echo(f"every table and column: {relative_path(str(published))}")
    if not no_open:
        browser.show(published)
    return 0
