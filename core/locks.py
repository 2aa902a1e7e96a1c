"""Advisory locks of the database: what is done one at a time, by any process of the site.

PostgreSQL knows such a lock by two numbers: here what is locked and `Lock`, its kind. The lease
of a worker (`blog.management.commands.worker`) has a first number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from zlib import crc32

from django.db import connection


class Lock(IntEnum):
    """The kinds of locks, by their second number."""

    ARTICLE_NAME = 3
    CONVERSATIONS = 4
    IMPORT = 5
    ACCOUNTS = 6
    JOB = 7
    PICTURE = 8
    PERSON = 9
    LINK_HOST = 10
    CLAIMS = 11


def hold(lock: Lock, what: str = "", *, shared: bool = False) -> None:
    """Wait for the lock on `what`, which is held until the transaction ends.

    Those that hold it `shared` do not wait for each other.
    """
    _ask("pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock", lock, what)


def hold_if_free(lock: Lock, what: str) -> bool:
    """Take the lock until the transaction ends; False when somebody else has it."""
    return bool(_ask("pg_try_advisory_xact_lock", lock, what))


@contextmanager
def alone(lock: Lock, what: str) -> Iterator[bool]:
    """Hold the lock over several transactions; gives False when somebody else has it.

    A killed process lets go with its connection.
    """
    free = bool(_ask("pg_try_advisory_lock", lock, what))
    try:
        yield free
    finally:
        # A transaction that failed asks nothing more; its connection lets go at its end.
        if free and not connection.needs_rollback:
            _ask("pg_advisory_unlock", lock, what)


def _ask(function: str, lock: Lock, what: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [crc32(what.encode()) >> 1, lock.value])
        return cursor.fetchone()[0]
