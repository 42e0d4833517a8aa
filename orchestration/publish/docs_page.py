"""dbt's documentation as one page: dbt's own page, with less noise and with whole descriptions.

dbt writes a page and two JSON files. Its option --static puts the files into the page as they are. This module first
leaves out what nobody looks up: unit tests, macros of other packages, paths of this machine.
"""

import json
from pathlib import Path
from typing import Any

ADDED = """<style>
/* dbt's page cuts descriptions of columns, and has two columns for what this project declares on the model. */
tr.column-row > td[style*="ellipsis"] {
  white-space: normal !important; overflow: visible !important; max-width: none !important;
}
tr.column-row:has(> td:nth-child(6)) > td:is(:nth-child(4), :nth-child(5)),
table:has(tr.column-row > td:nth-child(6)) > thead th:is(:nth-child(4), :nth-child(5)) { display: none; }
tr.column-row > td { vertical-align: top; }
</style>
<script>
// dbt's page reads the address of a lineage only when it is loaded.
document.addEventListener("click", event => {
  const link = event.target.closest('a[href*="g_v=1"]');
  if (link) { event.preventDefault(); event.stopPropagation(); location.href = link.href; location.reload(); }
}, true);
</script>"""
# Keys of a node that no part of the page shows, or that hold a path of this machine.
NOT_SHOWN = ("compiled_path", "build_path", "root_path", "created_at", "checksum")


def page(target: Path, database: str) -> str:
    """The page of the files that `dbt docs generate` wrote into the folder. It calls the database by the given name."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    catalog = json.loads((target / "catalog.json").read_text(encoding="utf-8"))
    built_in = next(iter(manifest["nodes"].values()))["database"] if manifest["nodes"] else database
    quiet(manifest)
    text = (target / "index.html").read_text(encoding="utf-8").replace("</head>", f"{ADDED}</head>", 1)
    for place, content in (("MANIFEST", manifest), ("CATALOG", catalog)):
        # The name of the build file is a working name.
        inline = json.dumps(content, ensure_ascii=False).replace(built_in, database)
        text = text.replace(f'"{place}.JSON INLINE DATA"', inline.replace("</", r"<\/"))
    return text


def quiet(manifest: dict[str, Any]) -> None:
    """Leave out of the manifest what nobody looks up, and keep sources and tests out of the lineage."""
    own = manifest["metadata"]["project_name"]
    gone = {*manifest["unit_tests"], *(key for key, node in manifest["nodes"].items() if _is_hook(node))}
    manifest["unit_tests"] = {}
    manifest["macros"] = {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == own}
    manifest["nodes"] = {key: node for key, node in manifest["nodes"].items() if key not in gone}
    for direction in ("parent_map", "child_map"):
        manifest[direction] = {
            key: [each for each in keys if each not in gone]
            for key, keys in manifest[direction].items()
            if key not in gone
        }
    for node in (*manifest["nodes"].values(), *manifest["sources"].values()):
        for key in NOT_SHOWN:
            node.pop(key, None)
        if node["resource_type"] in ("test", "source"):
            # A node that is hidden keeps its own page, and the pages of its models name it.
            node["docs"] = {"show": False, "node_color": None}


def _is_hook(node: dict[str, Any]) -> bool:
    return bool(node["resource_type"] == "operation")
