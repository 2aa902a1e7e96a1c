"""One name, one thing: classes everywhere, public functions within most apps."""

import ast
from collections import defaultdict

from tests.architecture.test_house import ROOT, SOURCES

# Names that Django gives a meaning.
DJANGO = {"Command", "Config", "Meta", "Migration"}
# Classes that share a name with another, and why.
SHARED = {
    # Records of an import are named after what they bring; a move on its way has them stored
    # under these names (interchange.spool).
    **dict.fromkeys(("Article", "Comment", "Person", "Picture", "Tag"), "interchange/records.py"),
    # Two models; another name would be another table.
    "Subscription": "newsletter/models.py",
}
# At the edges a view, a command or a job may be called like the service that it calls.
EDGES = {"admin", "jobs", "management", "templatetags", "views"}
# Every reader of an export offers the same function; in comments, functions are named with their
# module (`fragments.render`, `markup.render`).
APART = ("interchange/sources/", "comments/")


def named(path):
    return path.relative_to(ROOT).as_posix()


def test_a_class_name_stands_for_one_thing():
    found = defaultdict(list)
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in DJANGO:
                found[node.name].append(named(path))
    twice = {name: paths for name, paths in found.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in SHARED} == {}
    assert {name for name, path in SHARED.items() if path not in twice.get(name, ())} == set()
    assert all(len(paths) == 2 for paths in twice.values())


def test_a_public_function_of_an_app_has_its_name_alone():
    found = defaultdict(list)
    for path in SOURCES:
        name = named(path)
        if EDGES & {*path.parts, path.stem.partition("_")[0]} or name.startswith(APART):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found[path.relative_to(ROOT).parts[0], node.name].append(name)
    assert {key: paths for key, paths in found.items() if len(paths) > 1} == {}
