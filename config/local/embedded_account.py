"""Who the embedded PostgreSQL server runs as, and how its programs are run as that user.

PostgreSQL refuses to run as root. This module imports no Django: it runs before the settings.
"""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path


class EmbeddedServerError(RuntimeError):
    """The embedded server can not be used; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as: its ids on disk, and the command that switches to it."""

    uid: int
    gid: int
    switch: tuple[str, ...] = ()

    def run(
        self, what: str, command: list[str], *, given: str = "", log: Path | None = None
    ) -> str:
        """Run ``command`` as this account with ``given`` as its input; return what it prints.

        Raises EmbeddedServerError that begins with ``what`` when it fails, with what the
        command said and the end of ``log``.
        """
        done = run_plain([*self.switch, *command], given=given)
        if done.returncode == 0:
            return done.stdout
        said = (done.stderr.strip() or done.stdout.strip())[-2000:]
        tail = log.read_text(errors="replace").splitlines()[-15:] if log and log.exists() else []
        lines = "".join(f"\n  {line}" for line in tail)
        raise EmbeddedServerError(f"{what} failed (as user {user_name(self.uid)}): {said}{lines}")

    def make_private(self, place: Path) -> None:
        """Make ``place`` a directory that is this account's and nobody else's."""
        place.mkdir(mode=0o700, exist_ok=True)
        if self.uid != os.geteuid():
            os.chown(place, self.uid, self.gid, follow_symlinks=False)

    def let_through(self, parent: Path) -> None:
        """Let this account's group, and nobody else, pass through root's private directory."""
        found = parent.stat()
        if self.uid != os.geteuid() and found.st_uid == 0 and not found.st_mode & stat.S_IXOTH:
            os.chown(parent, -1, self.gid)
            parent.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXGRP)

    def take_over(self, data_dir: Path) -> None:
        """Give this account a data directory that root made while namespaces were allowed."""
        if data_dir.stat().st_uid != self.uid:
            for path in (data_dir, *data_dir.rglob("*")):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_account(data_dir: Path) -> Account:
    """Choose who runs the server of ``data_dir``; raises EmbeddedServerError when nobody can.

    An ordinary user runs it. Root runs it as the owner of an existing data directory, or of
    the directory around a new one; where that is root, in a user namespace in which root
    looks like a system user; where those are barred, as that system user.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    place = (data_dir if data_dir.exists() else data_dir.parent).stat()
    # initdb, unlike the server, does not run for a uid without a name.
    if place.st_uid != 0 and (data_dir.exists() or user_name(place.st_uid) != str(place.st_uid)):
        return _switched(place.st_uid, place.st_gid)
    user = _system_user()
    namespace = ("unshare", "-U", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}")
    if namespaces_work(namespace):
        return Account(0, 0, namespace)
    return _switched(user.pw_uid, user.pw_gid)


def namespaces_work(namespace: tuple[str, ...]) -> bool:
    """Tell whether the kernel and this container allow user namespaces (many bar them)."""
    try:
        return run_plain([*namespace, "true"]).returncode == 0
    except FileNotFoundError:
        return False


def user_name(uid: int) -> str:
    """Return the name of a user, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def run_plain(command: list[str], *, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command away from the caller's PG* settings, language and directory."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    env |= {"LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    return subprocess.run(
        command, input=given, env=env, cwd="/", capture_output=True, text=True, check=False
    )


def _switched(uid: int, gid: int) -> Account:
    switch = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    return Account(uid, gid, switch)


def _system_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and this system has no user postgres, nobody or "
        "daemon to run it as. Run as an ordinary user, or set DATABASE_URL."
    )
