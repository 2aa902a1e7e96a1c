"""What `make run` starts: the database, the site and its worker, and their end together.

``python -m config.local.run`` serves on HOST (127.0.0.1) and PORT (8000) until Ctrl-C or SIGTERM.
It brings its own PostgreSQL (config.local.embedded) unless DATABASE_URL names one. The children are
in process groups of their own, so Ctrl-C reaches this process only and each of them gets one
SIGTERM; should this process be killed, the kernel sends it.
"""

import ctypes
import hashlib
import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

# Before config.modes and Django read it.
os.environ["WEERWOORD_MODE"] = "local"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import modes
from config.local import beginning, embedded, embedded_account

PATIENCE = 10.0  # seconds a child may take to end before it is killed
READY_WITHIN = 60.0  # seconds the site may take to answer
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """What ends the run, told in one line."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM came."""


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Supervisor:
    """Starts the children, watches them and the database, and ends them all."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.children: dict[str, subprocess.Popen[str]] = {}
        self.stopping = False
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        # A flag, not an exception: the launcher must not be torn from its locks.
        self.stopping = True

    def run(self) -> None:
        """Serve until stopped. Raises Failure or EmbeddedServerError when that can not be."""
        check_port(self.host, self.port)
        make_private()
        try:
            self._guard_database()
            logins = self._prepare()
            gunicorn = ["-m", "gunicorn", "-c", "python:config.server"]
            self._start("web server", gunicorn)
            self._start("worker", ["manage.py", "worker"])
            self._wait_until(self._answers)
            say(f"\nWeerwoord is ready: {self._address()}/\nAdmin:              "
                f"{self._address()}/admin/\n{logins}Ctrl-C stops it.")  # fmt: skip
            self._wait_until(lambda: False, guard=True)
        finally:
            self._end_children()
            embedded.release()

    def _address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def _guard_database(self) -> None:
        """Start the embedded server, or start it again should it have died."""
        if not modes.uses_embedded_database():
            return
        try:
            embedded.ensure(modes.database_directory())
        except embedded_account.EmbeddedServerError:
            if self.stopping:  # Ctrl-C reached initdb as well
                raise Stopped from None
            raise

    def _start(self, name: str, arguments: list[str], **options: Any) -> subprocess.Popen[str]:
        self.children[name] = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=modes.BASE_DIR,
            text=True,
            process_group=0,
            preexec_fn=_end_with_parent(),
            **options,
        )
        return self.children[name]

    def _prepare(self) -> str:
        """Bring database and static files up to date; return the first logins to show."""
        child = self._start(
            "preparation", ["-m", "config.local.run", "prepare"], stdout=subprocess.PIPE
        )
        self._wait_until(lambda: child.poll() == 0)
        del self.children["preparation"]
        return child.communicate()[0]

    def _wait_until(self, done: Callable[[], bool], *, guard: bool = False) -> None:
        begun = looked = time.monotonic()
        while not done():
            if self.stopping:
                raise Stopped
            for name, child in self.children.items():
                if child.poll():
                    raise Failure(f"The {name} ended with exit status {child.returncode}.")
                if guard and child.poll() == 0:
                    raise Failure(f"The {name} ended.")
            now = time.monotonic()
            if guard and now - looked > 2:
                self._guard_database()
                looked = now
            if not guard and "web server" in self.children and now - begun > READY_WITHIN:
                raise Failure(f"The site gave no answer within {READY_WITHIN:.0f} seconds.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        host, port = self._address().removeprefix("http://").rsplit(":", 1)
        connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()

    def _end_children(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        for child in self.children.values():
            child.terminate()
        end = time.monotonic() + PATIENCE
        for child in self.children.values():
            try:
                child.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _end_with_parent() -> Callable[[], None] | None:
    """Ask the kernel (Linux) to end the child when this process is gone, even by kill -9."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def check_port(host: str, port: int) -> None:
    """Raise Failure when nothing can listen on ``port`` of ``host``."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        other = port + 1 if port < 65535 else 8000
        raise Failure(
            f"Can not listen on port {port} of {host}: {error.strerror}. "
            f"Choose another, for example: make run PORT={other}"
        ) from None


def make_private() -> None:
    """Make var/, with the database and the secret key in it, closed to other users."""
    var = modes.var_directory()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    var.chmod(stat.S_IMODE(var.stat().st_mode) & ~stat.S_IRWXO)


def prepare() -> None:
    """Migrate, fill an empty site (config.local.beginning), collect static files that changed.

    Runs in a child of its own, so the supervisor stays small. Prints the first logins, and
    nothing else, to standard output.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError, connection

    try:
        django.setup()
        connection.ensure_connection()
    except (ImproperlyConfigured, OperationalError) as error:
        raise Failure(f"Can not use the database or the settings: {error}".strip()) from None
    if connection.cursor().connection.server_version < 150000:
        raise Failure("DATABASE_URL names a PostgreSQL older than 15.")
    call_command("migrate", interactive=False, verbosity=0)
    beginning.begin(beginning.choose())
    _collect_static()
    sys.stdout.write(beginning.logins())


def _collect_static() -> None:
    """Run collectstatic, which takes long, only when a static source or a package changed."""
    from django.core.management import call_command

    base, digest = modes.BASE_DIR, hashlib.sha256()
    folders = [base / "static", *base.glob("*/static")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    for file in sorted(file for file in files if modes.var_directory() not in file.parents):
        digest.update(f"{file.relative_to(base)}\0".encode() + file.read_bytes())
    digest.update((base / "requirements.txt").read_bytes())
    stamp = modes.var_directory() / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    sys.stderr.write("Collecting static files…\n")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


def main() -> int:
    """Run until stopped; return the exit status."""
    if sys.argv[1:] == ["prepare"]:
        try:
            prepare()
        except Failure as failure:
            sys.stderr.write(f"{failure}\n")
            return 1
        return 0
    host = os.environ.setdefault("HOST", "127.0.0.1")
    port = os.environ.setdefault("PORT", "8000")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        sys.stderr.write(f"PORT must be a number from 1 to 65535, not {port!r}.\n")
        return 1
    try:
        make_private()
        # Before signals become flags, so that Ctrl-C ends the question.
        beginning.choose()
        Supervisor(host, int(port)).run()
    except beginning.NoChoice as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0
    except Stopped:
        say("\nStopped.")
        return 0
    except (Failure, embedded_account.EmbeddedServerError) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
