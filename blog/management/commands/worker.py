"""`manage.py worker`: does the queued tasks and the recurring work."""

from __future__ import annotations

import logging
import time
from typing import Any
from zlib import crc32

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from core import periodic

logger = logging.getLogger("weerwoord.worker")

MOST_TRIES = 5
_SPACE = 0x57454552  # one number space for all workers' locks
# No model has the database's own list of locks.
_IS_HELD = """
SELECT EXISTS (
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""


_HELD = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def live_workers() -> int:
    """How many workers are at work on this database now: each holds its lock (`LeasedWorker`)."""
    with connections["default"].cursor() as cursor:
        cursor.execute(_HELD, [_SPACE])
        return int(cursor.fetchone()[0])


def _key(worker_id: str) -> int:
    return crc32(worker_id.encode()) >> 1


class LeasedWorker(Worker):
    """The library's worker, with a sign of life that PostgreSQL itself takes away.

    While it lives, a worker holds an advisory lock on a connection of its own. When it is
    killed, the server drops the connection and with it the lock: a task that is RUNNING under a
    lock that nobody holds is abandoned and may be taken up again.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lease: BaseDatabaseWrapper | None = None

    def hold_lease(self) -> None:
        """Take the lock, or take it anew after the server was away."""
        if self.lease is not None:
            try:
                with self.lease.cursor() as cursor:
                    cursor.execute("SELECT 1")
                return
            except (OperationalError, InterfaceError):
                self.lease.close()
        self.lease = connections["default"].copy()
        with self.lease.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_SPACE, _key(self.worker_id)])

    def take_up_abandoned(self) -> int:
        """Give tasks of dead workers back to the queue; fail those that killed five of them."""
        count = 0
        for task in DBTaskResult.objects.running():
            if not task.worker_ids or task.worker_ids[-1] == self.worker_id:
                continue
            key = _key(task.worker_ids[-1])
            with connections["default"].cursor() as cursor:
                cursor.execute(_IS_HELD, [_SPACE, key])
                if cursor.fetchone()[0]:
                    continue
            same = DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids)
            if len(task.worker_ids) >= MOST_TRIES:
                same.update(
                    status="FAILED",
                    finished_at=timezone.now(),
                    exception_class_path="builtins.RuntimeError",
                    traceback=f"{MOST_TRIES} workers died while doing this task.",
                )
            else:
                count += same.update(status="READY", started_at=None)
        return count

    def round(self) -> None:
        """One turn: the lease, abandoned tasks, recurring work, then the queue to its end."""
        close_old_connections()
        self.hold_lease()
        self.take_up_abandoned()
        for name, fault in periodic.run_due(time.monotonic()):
            logger.error("%s failed", name, exc_info=fault)
        super().run()

    def run(self) -> None:
        """Turns until a signal; a database that is away is waited for."""
        while self.running:
            try:
                self.round()
            except (OperationalError, InterfaceError) as fault:
                logger.warning("The database is away: %s", str(fault).partition("\n")[0])
                connections.close_all()
            if self.running:
                time.sleep(self.interval)


class Command(BaseCommand):
    help = "Does queued tasks and recurring work until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or Ctrl-C; the current task is finished first."""
        worker = LeasedWorker(
            queue_names=["*"],
            interval=1.0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        periodic.discover()
        worker.configure_signals()
        worker.run()
