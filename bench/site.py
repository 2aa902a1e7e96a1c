"""A site to measure: the real server and the embedded database in a temporary directory."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parent.parent


def prepare(directory: str) -> None:
    """Database, migrations, demo content and static files below `directory`; sets Django up.

    Everything in this process that asks for settings must come after it.
    """
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(
        WEERWOORD_MODE="local", WEERWOORD_VAR=directory, DJANGO_SETTINGS_MODULE="config.settings"
    )
    from config import modes
    from config.local import embedded

    embedded.ensure(modes.database_directory())
    subprocess.run(
        [sys.executable, "-m", "config.local.run", "prepare"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    import django

    django.setup()


@contextlib.contextmanager
def site() -> Iterator[str]:
    """A prepared site; gives its directory and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="weerwoord-bench-") as directory:
        prepare(directory)
        try:
            yield directory
        finally:
            from django.db import connections

            from config.local import embedded

            connections.close_all()
            embedded.release()


@dataclass
class Served:
    """A running server: its port and the ids of its processes."""

    port: int
    processes: list[int]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    """Process ids whose parent is `parent`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def backends(directory: str) -> list[int]:
    """The processes of the PostgreSQL server whose data lie below `directory`."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(link).startswith(directory):
                found.append(int(link.parent.name))
    return found


def cpu_seconds(processes: list[int]) -> dict[int, float]:
    """Processor time that each of the living among `processes` has used."""
    used = {}
    for number in processes:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            used[number] = (int(fields[11]) + int(fields[12])) / TICK
    return used


def spent(before: dict[int, float]) -> float:
    """Processor time since `before` by the processes in it; not by those that ended meanwhile."""
    return sum(now - before[number] for number, now in cpu_seconds(list(before)).items())


@contextlib.contextmanager
def gunicorn(*, processes: int = 1, threads: int = 8) -> Iterator[Served]:
    """The site's own server."""
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_CONCURRENCY": str(processes),
        "WEB_THREADS": str(threads),
        "LOG_LEVEL": "ERROR",
    }
    master = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:config.server"], cwd=ROOT, env=environment
    )
    try:
        wait(port)
        yield Served(port, children(master.pid))
    finally:
        master.terminate()
        master.wait(20)


def wait(port: int) -> None:
    """Until something answers on `port`. Raises TimeoutError after 30 seconds."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
