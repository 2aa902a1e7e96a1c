"""No module imports what imports it, at run time, inside a function or for its types alone.

Nor does a script, now or later: names that hash what a script imports could then not be made.
"""

import re
from graphlib import CycleError, TopologicalSorter

import grimp

from tests.architecture.test_house import APPS, ROOT

SCRIPT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}/[^"]+)\"""")


def circle_in(imported):
    """The first circle of what imports what, as text; empty when there is none."""
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as found:
        return " -> ".join(map(str, found.args[1]))
    return ""


def test_imports_make_no_circle():
    graph = grimp.build_graph(*APPS, cache_dir=None)
    imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert circle_in(imported) == ""


def test_scripts_import_each_other_in_no_circle():
    scripts = sorted((ROOT / "static").rglob("*.js"))
    imported = {
        path: {(path.parent / name).resolve() for name in SCRIPT.findall(path.read_text("utf-8"))}
        for path in scripts
    }
    assert sum(map(len, imported.values())) > 40
    assert circle_in(imported) == ""
