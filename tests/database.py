"""The tests' database: a copy of one that is migrated once; emptied after tests that commit.

The migrated database stays on the server until the migrations, the models or the packages are
other than they were. Each worker of each run takes a copy.
"""

import fcntl
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from config import modes

PREFIX = "weerwoord_migrated_"
# Of what a migrated database is made.
SOURCES = ("*/migrations/*.py", "*/models/*.py", "*/models.py", "core/*.py", "requirements.txt")
# What the program makes and no test changes.
LASTING = ("auth_permission", "django_content_type", "django_migrations")
# What migrations stored in the other tables, such as the roles: rows as COPY has them, by table.
_begun: dict[str, bytes] = {}
# Bytes up to which rows are deleted: new files for a table and its indexes cost more than that.
SMALL = 1_000_000


def make() -> None:
    """Make this process's test database and connect Django to it."""
    name = connection.creation._get_test_db_name()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_migrated()}"')
    _use(name)
    with connection.cursor() as cursor:
        for table in _tables(cursor):
            rows = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
            if rows.getvalue():
                _begun[table] = rows.getvalue()


def drop() -> None:
    """Drop this process's test database."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty() -> None:
    """Leave the tables as the migrations left them, whatever test comes next.

    The goodbye of a page that was closed may be written meanwhile. Of two that wait for each other
    the database ends one; when that is this one, the other is done by now.
    """
    for _turn in range(4):
        try:
            return _empty()
        except OperationalError as error:
            if "deadlock" not in str(error):
                raise
    return _empty()


def _use(name: str) -> None:
    from django.conf import settings

    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _migrated() -> str:
    """Give the name of the migrated database; makes it where there is none."""
    made = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in modes.BASE_DIR.glob(pattern)):
        made.update(str(path.relative_to(modes.BASE_DIR)).encode() + path.read_bytes())
    name = f"{PREFIX}{made.hexdigest()[:16]}"
    with _alone():
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            there = [one for (one,) in cursor.fetchall() if one.startswith(PREFIX)]
            if name in there:
                return name
            for old in there:
                cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
        asked, test["NAME"] = test["NAME"], f"{PREFIX}unfinished"
        try:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        finally:
            test["NAME"] = asked
            _use(before)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{PREFIX}unfinished" RENAME TO "{name}"')
    return name


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of whoever makes the migrated database; other workers wait for it."""
    modes.var_directory().mkdir(parents=True, exist_ok=True)
    with (modes.var_directory() / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tables(cursor: Any) -> list[str]:
    names = set(connection.introspection.table_names(cursor)) - set(LASTING)
    return [connection.ops.quote_name(name) for name in sorted(names)]


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{name}', pg_table_size('{name}'::regclass) FROM {name} LIMIT 1)"
                for name in _tables(cursor)
            )
        )
        full = cursor.fetchall()
        few = [name for name, size in full if size <= SMALL]
        if few:
            # One statement each, one round trip; without the checks of foreign keys, as all go.
            deletes = "; ".join(f"DELETE FROM {name}" for name in few)
            cursor.execute(
                f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}; COMMIT"
            )
        if many := [name for name, size in full if size > SMALL]:
            cursor.execute(f"TRUNCATE {', '.join(many)} CASCADE")
        with transaction.atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, rows in _begun.items():
                cursor.copy_expert(f"COPY {name} FROM STDIN", io.BytesIO(rows))
                # A test of migrations may have made the table anew, and its numbers with it.
                cursor.execute(
                    f"SELECT setval(s, greatest(nextval(s), (SELECT max(id) FROM {name})))"
                    f" FROM pg_get_serial_sequence('{name}', 'id') s"
                )
