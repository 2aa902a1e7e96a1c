"""The worker does all recurring work that stands in the tree, and finds it by itself."""

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = """
import os, django
django.setup()
from core import periodic
from blog.management.commands.worker import Command, LeasedWorker
LeasedWorker.configure_signals = LeasedWorker.run = lambda worker: None
Command().handle()
print(*periodic.JOBS)
"""


def written():
    """Every function under `@every(…)` in the tree, by its dotted path."""
    found = set()
    for path in ROOT.glob("*/**/*.py"):
        module = path.relative_to(ROOT)
        if module.parts[0] in ("tests", "var") or module.parts[0].startswith("."):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(one, ast.Call) and ast.unparse(one.func).endswith("every")
                for one in node.decorator_list
            ):
                found.add(f"{'.'.join(module.with_suffix('').parts)}.{node.name}")
    return found


def test_the_worker_does_all_recurring_work():
    """In a process of its own, where nothing but the worker's command has imported anything."""
    told = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(told.stdout.split()) == written()
    assert len(written()) > 20


def test_recurring_work_stands_in_one_file_of_an_app():
    assert {name.split(".")[1] for name in written()} == {"jobs"}
