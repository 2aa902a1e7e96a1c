"""Files for containers, forges and editors: they parse, and what they name is there."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.mark.parametrize(
    "name",
    [".github/workflows/check.yml", ".forgejo/workflows/check.yml", ".gitlab-ci.yml"],
)
def test_the_forges_run_the_same_command(name):
    text = (ROOT / name).read_text("utf-8")
    yaml.safe_load(text)
    assert "bash .ci/run" in text


def test_hooks_run_tools_of_the_lock():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    lock = (ROOT / "requirements-dev.txt").read_text("utf-8")
    owner = {"lint-imports": "import-linter"}
    for repo in hooks["repos"]:
        assert repo["repo"] == "local"
        for hook in repo["hooks"]:
            program = shlex.split(hook["entry"])[0].removeprefix(".venv/bin/")
            assert re.search(rf"^{owner.get(program, program)}==", lock, re.M), program


def test_containers_name_what_is_there():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    commands = [one["command"] for one in services.values() if "command" in one]
    for command in commands:
        if "manage.py" in command:
            assert command[:2] == ["python", "manage.py"]
        elif "-m" in command:
            module = command[command.index("-m") + 1]
            assert (ROOT / (module.replace(".", "/") + ".py")).exists(), module
    image = (ROOT / "Dockerfile").read_text("utf-8")
    for line in image.replace("\\\n", " ").splitlines():
        if match := re.match(r"(?:CMD|HEALTHCHECK .*CMD) (\[.*\])$", line):
            assert json.loads(match[1])
    assert re.search(r"^USER weerwoord$", image, re.M)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".env", "var", ".git"} <= set(ignored)


def test_the_version_is_said_in_one_place_and_shown(client, db):
    shown = subprocess.run(
        [sys.executable, "manage.py", "version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == VERSION
    newest = re.search(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)$",
                       (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)  # fmt: skip
    assert newest
    assert newest[1] == VERSION
    client.force_login(make_user(is_superuser=True))
    assert f"Weerwoord {VERSION}" in client.get(reverse("admin:index")).text
