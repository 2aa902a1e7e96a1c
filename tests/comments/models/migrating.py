"""Runs migrations back and on again, inside a test's own transaction."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(name: str, app: str = "comments") -> Any:
    """Bring the tables of `app` to the state after migration `name`; gives the models then."""
    with connection.cursor() as cursor:
        # Rows of this transaction that wait to be checked would keep tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor = MigrationExecutor(connection)
    return executor.migrate([(app, name)]).apps
