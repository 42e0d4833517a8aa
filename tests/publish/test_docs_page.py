"""The page of `make docs`: what dbt writes, without what nobody looks up."""

import json
from pathlib import Path
from typing import Any

from orchestration.publish import docs_page

MODEL, TEST, UNIT, HOOK, SOURCE = "model.p.a", "test.p.t", "unit_test.p.u", "operation.p.h", "source.p.s"


def node(kind: str, **more: Any) -> dict[str, Any]:
    path = {"resource_type": kind, "database": "build_0123", "compiled_path": "/somewhere/a.sql"}
    return path | {"docs": {"show": True}} | more


def manifest() -> dict[str, Any]:
    return {
        "metadata": {"project_name": "p"},
        "nodes": {
            MODEL: node("model", relation_name='"build_0123"."marts"."a"', description="See </script>."),
            TEST: node("test"),
            HOOK: node("operation"),
        },
        "sources": {SOURCE: node("source")},
        "macros": {"macro.p.mine": {"package_name": "p"}, "macro.dbt.theirs": {"package_name": "dbt"}},
        "unit_tests": {UNIT: node("unit_test")},
        "parent_map": {MODEL: [SOURCE], TEST: [MODEL], UNIT: [MODEL], HOOK: [], SOURCE: []},
        "child_map": {MODEL: [TEST, UNIT], TEST: [], UNIT: [], HOOK: [], SOURCE: [MODEL]},
    }


def test_unit_tests_hooks_and_macros_of_other_packages_are_left_out() -> None:
    found = manifest()
    docs_page.quiet(found)
    assert found["unit_tests"] == {}
    assert list(found["macros"]) == ["macro.p.mine"]
    assert set(found["nodes"]) == {MODEL, TEST}
    assert found["child_map"] == {MODEL: [TEST], TEST: [], SOURCE: [MODEL]}
    assert found["parent_map"] == {MODEL: [SOURCE], TEST: [MODEL], SOURCE: []}


def test_sources_and_tests_are_kept_and_stay_behind_the_models_in_the_lineage() -> None:
    found = manifest()
    docs_page.quiet(found)
    shown = {key: each["docs"]["show"] for key, each in (found["nodes"] | found["sources"]).items()}
    assert shown == {MODEL: True, TEST: False, SOURCE: False}


def test_the_page_names_the_file_that_people_open_and_no_path_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest()))
    (tmp_path / "catalog.json").write_text(json.dumps({"nodes": {MODEL: {"metadata": {"database": "build_0123"}}}}))
    (tmp_path / "index.html").write_text(
        '<html><head></head><script>var m = "MANIFEST.JSON INLINE DATA", c = "CATALOG.JSON INLINE DATA";</script>'
    )
    page = docs_page.page(tmp_path, "spotify")
    assert r"\"spotify\".\"marts\".\"a\"" in page
    assert "build_0123" not in page
    assert "/somewhere" not in page
    assert page.count("</script>") == 2
    assert r"See <\/script>." in page
    assert "<style>" in page.partition("</head>")[0]
