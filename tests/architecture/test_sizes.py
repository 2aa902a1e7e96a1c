"""Files of at most 400 lines and functions of at most 60, tests included."""

import ast

from tests.architecture.test_house import APPS, ROOT

MOST_LINES, MOST_OF_A_FUNCTION = 400, 60
ENDINGS = (".py", ".html", ".js", ".css")
FILES = [
    path
    for folder in (*APPS, "tests", "bench", "templates", "static")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in ENDINGS and "migrations" not in path.parts
]


def named(path):
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_long():
    lines = {path: path.read_text("utf-8").count("\n") for path in FILES}
    assert {named(path): count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_long():
    long = {}
    for path in FILES:
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    count = (node.end_lineno or 0) - node.lineno + 1
                    if count > MOST_OF_A_FUNCTION:
                        long[f"{named(path)}: {node.name}"] = count
    assert long == {}
