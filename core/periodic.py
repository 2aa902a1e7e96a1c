"""Recurring jobs, run by the worker instead of cron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from django.db import connection, transaction


@dataclass
class Job:
    """A function, how often it runs (seconds), and when it ran last here (monotonic clock)."""

    run: Callable[[], object]
    seconds: float
    last: float = float("-inf")


JOBS: dict[str, Job] = {}


def every(*, seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register a function of no arguments to be run by the worker every `seconds`."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        JOBS[f"{function.__module__}.{function.__name__}"] = Job(function, seconds)
        return function

    return register


def run_due(now: float) -> list[tuple[str, Exception]]:
    """Run the jobs due at `now` (monotonic seconds); gives the exceptions, by job.

    A job runs inside an advisory lock of its own transaction: of several workers one does it.
    """
    faults: list[tuple[str, Exception]] = []
    for name, job in JOBS.items():
        if now - job.last < job.seconds:
            continue
        job.last = now
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(%s, 7)", [crc32(name.encode()) >> 1]
                )
                if cursor.fetchone()[0]:
                    job.run()
        except Exception as fault:
            faults.append((name, fault))
    return faults
