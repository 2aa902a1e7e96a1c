"""No pattern of this site can be made to work long: each is driven by texts made out of itself."""

import ast
import importlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.hostile.pumping import MOST_GROWTH, slowest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("authors", "blog", "comments", "config", "core", "demo", "interchange", "newsletter")
FILES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "/migrations/" not in path.as_posix()
)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
# The most characters that a pattern gets to see, where that is less than twice 4,000: the place
# that sees to it is named.
BOUNDED: dict[str, int] = {}
# Made of words, names and addresses, which are escaped there; driven above, or in test_parsers.
ESCAPED = (
    "authors/personal.py",
    "authors/naming.py",
    "comments/mail_parsing/machines.py",
)


def _module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _index():
    """Where which method of what is called: {name: {(module, method, over an attribute)}}, and
    what each module imports by name: {(module, name): {importing module}}."""
    calls, imports = defaultdict(set), defaultdict(set)
    for path, tree in TREES.items():
        here = _module(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    imports[node.module, alias.name].add(here)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                calls[node.value.id].add((here, node.attr, False))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                calls[node.value.attr].add((here, node.attr, True))
    return calls, imports


CALLS, IMPORTS = _index()


def _uses(name, module):
    """The methods that are called of a module's pattern, here and where it is imported."""
    near = {module} | IMPORTS[module, name]
    found = {method for where, method, there in CALLS[name] if there or where in near}
    return found - {"pattern", "flags"}


def _patterns_in(value):
    if isinstance(value, re.Pattern):
        yield "", value
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, re.Pattern):
                yield f"[{key}]", one
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            if isinstance(one, re.Pattern):
                yield f"[{number}]", one


def _all():
    for path, tree in TREES.items():
        if "re.compile" not in path.read_text("utf-8"):
            continue
        names = [
            target.id
            for node in tree.body
            if isinstance(node, (ast.Assign, ast.AnnAssign))
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        ]
        module = importlib.import_module(_module(path))
        for name in names:
            for place, pattern in _patterns_in(getattr(module, name, None)):
                uses = set() if place else _uses(name, module.__name__)
                yield pytest.param(
                    pattern, uses, BOUNDED.get(f"{module.__name__}.{name}", 4000),
                    id=f"{module.__name__}.{name}{place}",
                )  # fmt: skip


@pytest.mark.parametrize(("pattern", "uses", "most"), list(_all()))
def test_work_grows_with_the_text(pattern, uses, most):
    growth, shape = slowest(pattern, uses, most)
    assert growth <= MOST_GROWTH, f"{growth:.1f} times the work for twice the text: {shape}"


def test_patterns_stand_where_they_are_found():
    """A pattern inside a function, or made of something at runtime, would not be driven above."""
    found = []
    for path, tree in TREES.items():
        at_top = {
            id(inner)
            for node in tree.body
            if isinstance(node, (ast.Assign, ast.AnnAssign))
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
                found.append(f"{path.name}:{node.lineno} imports names from re")
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            if node.value.id == "re" and node.attr in dir(re) and callable(getattr(re, node.attr)):
                own = path.relative_to(ROOT).as_posix()
                marks = own in ESCAPED
                fits = marks or (
                    node.attr in ("compile", "Match", "Pattern")
                    and (node.attr != "compile" or id(node) in at_top)
                )
                if not fits:
                    found.append(f"{place} re.{node.attr}")
            # Patterns that editors write are searched for with a time limit.
            # Sets of single characters by their script are looked for one by one.
            if node.value.id == "regex" and path.name not in ("rules.py", "names.py"):
                found.append(f"{place} regex.{node.attr}")
    assert found == []


def test_a_slow_pattern_is_found_out():
    """What would have gone unnoticed: quadratic, cubic and exponential ones."""
    for source, uses in (
        (r"<[^>]*>", {"sub"}),
        (r"\b\S+@\S+\.\S+", {"sub"}),
        (r"(?:a+)+b", {"match"}),
        (r"[ \t]+$", {"search"}),
        (r"\s*\n", {"split"}),
        (r"<!--.*?-->", {"sub"}),
        (r"#\s+(.+)\n", {"match"}),
    ):
        assert slowest(re.compile(source), uses, 6_000)[0] > MOST_GROWTH, source
    assert slowest(re.compile(r"<[^<>]*>"), {"sub"})[0] <= MOST_GROWTH


def test_patterns_of_editors_have_a_time_limit():
    tree = TREES[ROOT / "comments/screening/rules.py"]
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("search", "match", "fullmatch", "finditer", "findall", "sub")
    ]
    assert calls
    for call in calls:
        assert "timeout" in [word.arg for word in call.keywords], ast.unparse(call)
