"""dbt's list of all models, tests and sources, for schedulers that show them."""

from pathlib import Path

from orchestration.warehouses.dbt import Project, invoke


def manifest(project: Project) -> Path:
    """Write the list as JSON, without a build, and return the file."""
    outcome = invoke(project, "parse")
    if not outcome.success:
        raise RuntimeError(f"dbt cannot read the project: {outcome.exception or 'see its log'}")
    return project.work_dir / "target" / "manifest.json"
