"""Every package that is installed is pinned with hashes, those that others bring along too."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PAIRS = [("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")]


def chosen(name):
    """First-level packages and their versions, of included files too."""
    found = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line.startswith("-r "):
            found |= chosen(line[3:])
        elif line and not line.startswith("#"):
            one = Requirement(line)
            found[canonicalize_name(one.name)] = str(one.specifier)
    return found


def locked(name):
    """The lock's packages: (requirement, hashes) by name."""
    found = {}
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            head, *hashes = re.split(r"\s+--hash=", line)
            one = Requirement(head)
            found[canonicalize_name(one.name)] = (one, hashes)
    return found


@pytest.mark.parametrize(("asked", "lock"), PAIRS)
def test_the_lock_pins_everything_with_hashes(asked, lock):
    packages = locked(lock)
    for name, (one, hashes) in packages.items():
        assert re.fullmatch(r"==[^*,]+", str(one.specifier)), name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", text) for text in hashes), name
    for name, version in chosen(asked).items():
        assert str(packages[name][0].specifier) == version, f"{name}: run make lock"


@pytest.mark.parametrize(("asked", "lock"), PAIRS)
def test_the_lock_is_whole(asked, lock):
    """What a locked package needs here is locked as well, in the version that is installed."""
    packages = locked(lock)
    for name, (one, _hashes) in packages.items():
        if one.marker and not one.marker.evaluate():
            continue
        assert metadata.version(name) == str(one.specifier)[2:], name
        for text in metadata.requires(name) or ():
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in packages, f"{name} needs {need.name}"


def test_both_locks_agree():
    tests = locked("requirements-dev.txt")
    for name, (one, _hashes) in locked("requirements.txt").items():
        assert str(tests[name][0].specifier) == str(one.specifier), name


def test_the_commands_install_from_the_lock_alone():
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    installs = [line for line in lines if "pip install" in line and "uv==" not in line]
    assert installs
    assert all("--require-hashes -r requirements" in line for line in installs), installs
