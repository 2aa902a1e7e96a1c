"""Recurring jobs, run by the worker instead of cron."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from core import locks
from core.locks import Lock


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


def discover() -> None:
    """Import `jobs` of every app, where all recurring work is registered."""
    autodiscover_modules("jobs")


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
            with transaction.atomic():
                if locks.hold_if_free(Lock.JOB, name):
                    job.run()
        except Exception as fault:
            faults.append((name, fault))
    return faults
