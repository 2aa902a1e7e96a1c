"""The worker knows every recurring job, wherever it is written."""

import ast
import json
import subprocess
import sys

from tests.architecture.test_house import ROOT, SOURCES

PROGRAM = """
import json
import django
django.setup()
import blog.management.commands.worker
from core.periodic import JOBS
print(json.dumps(sorted(JOBS)))
"""


def is_job(node):
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call) and ast.unparse(one.func) == "every"
        for one in node.decorator_list
    )


def test_the_worker_registers_every_recurring_job():
    """In a process of its own: here other tests have imported what the worker might not."""
    written = {
        f"{path.relative_to(ROOT).with_suffix('').as_posix().replace('/', '.')}.{node.name}"
        for path in SOURCES
        for node in ast.parse(path.read_text("utf-8")).body
        if is_job(node)
    }
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(json.loads(answer.stdout)) == written
