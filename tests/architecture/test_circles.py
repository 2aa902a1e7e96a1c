"""No module imports what imports it, at run time, inside a function or for its types alone."""

from graphlib import CycleError, TopologicalSorter

import grimp

from tests.architecture.test_house import APPS


def test_imports_make_no_circle():
    graph = grimp.build_graph(*APPS, cache_dir=None)
    imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as found:
        circle = " -> ".join(found.args[1])
    else:
        circle = ""
    assert circle == ""
