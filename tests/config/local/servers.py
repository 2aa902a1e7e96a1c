"""Processes that use an embedded server, as users of their own."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.local import embedded

ROOT = Path(__file__).resolve().parents[3]
AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="is about root")

USER = """
import sys
from pathlib import Path
{before}
from config.local import embedded
from config.local.embedded_account import EmbeddedServerError
try:
    server = embedded.ensure(Path(sys.argv[1]), durable={durable})
except EmbeddedServerError as error:
    sys.exit(str(error))
print(server.url, flush=True)
sys.stdin.read()
"""
BARRED = (
    "from config.local import embedded_account as a; a.namespaces_work = lambda namespace: False"
)


FORKS = """
import os
from config.local import embedded
ensure = embedded.ensure
def ensure_and_fork(*args, **kwargs):
    server = ensure(*args, **kwargs)
    if os.fork() == 0:
        sys.exit()  # runs the exit handlers, release() among them
    os.wait()
    return server
embedded.ensure = ensure_and_fork
"""


class User:
    """A process that uses the server of ``data_dir`` until it is told to leave or is killed."""

    def __init__(
        self,
        data_dir: Path,
        *,
        before: str = "",
        durable: bool = False,
        path: Path = ROOT,
        python: str = sys.executable,
        uid: int | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [python, "-c", USER.format(before=before, durable=durable), str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={**os.environ, **(env or {}), "PYTHONPATH": str(path)},
            user=uid,
            group=uid and pwd.getpwuid(uid).pw_gid,
            extra_groups=None if uid is None else [],
            start_new_session=True,
        )

    def url(self) -> str:
        """Wait for the server; return its URL, or fail with what went wrong."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            pytest.fail(self.error())
        return line

    def error(self) -> str:
        """Wait for the end of a process that could not start; return what it said."""
        said = self.process.communicate()[1]
        assert self.process.returncode == 1, said
        return said

    def leave(self) -> None:
        """End as a program ends."""
        assert self.process.communicate() == ("", "")
        assert self.process.returncode == 0

    def kill(self) -> None:
        """Kill -9 with everything in its process group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def psql(url: str, statement: str, *, env: dict[str, str] | None = None) -> str:
    command = [embedded._binary("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url]
    done = subprocess.run(
        [*command, "-c", statement],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postmaster.pid").read_text().split()[0])


def running(data_dir: Path) -> list[int]:
    return embedded._processes(data_dir.resolve())


def end(data_dir: Path) -> None:
    if data_dir.exists():
        embedded._stop(data_dir.resolve())
