"""dbt reports Ctrl-C as an error of the model that it was building."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration.warehouses import dbt
from orchestration.warehouses.dbt import Project


@pytest.mark.parametrize(
    ("message", "is_interrupted"),
    [
        ("Runtime Error in model fct_plays (models/marts/core/fct_plays.sql)\n  Query interrupted", True),
        ("Runtime Error in model fct_plays (models/marts/core/fct_plays.sql)\n  no such column", False),
    ],
)
def test_ctrl_c_during_a_build_is_no_broken_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, message: str, is_interrupted: bool
) -> None:
    node = SimpleNamespace(resource_type="model", schema="marts", name="fct_plays")
    node.unique_id = "model.spotify_elt.fct_plays"
    result = SimpleNamespace(status="error", message=message, node=node, execution_time=0.1)
    outcome = SimpleNamespace(result=SimpleNamespace(results=[result]), success=False, exception=None)
    monkeypatch.setattr(dbt, "invoke", lambda *arguments: outcome)
    project = Project("dev", tmp_path, {})
    if is_interrupted:
        with pytest.raises(KeyboardInterrupt):
            dbt.build(project)
    else:
        assert "no such column" in dbt.build(project).broken[0]
