"""Health of the site, for owners: backups, the worker and its tasks, mails, versions."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import django
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult, get_date_max

from authors.models import AccountMail
from blog.management.commands.worker import live_workers
from blog.models import ArticleMail
from comments.models import Delivery
from core import redact
from core.outbox import DeliveryState, Outgoing
from interchange.backup import proof
from interchange.backup.manifest import BackupError
from newsletter import failures, sending
from newsletter.models import Issue, Mail

_SHOWN: Final = 10
_AGAIN: Final = 500
"""Tasks or mails that one press queues anew."""
OLD: Final = datetime.timedelta(days=2)
"""A backup that is older is said to be old: they are made every night."""
LATE: Final = datetime.timedelta(minutes=10)
"""A task that waits longer is late, though a worker is there."""


@dataclass(frozen=True)
class Backups:
    """The newest backup, or the words of what is wrong with the folder."""

    folder: Path
    last: proof.Standing | None
    fault: str = ""

    @classmethod
    def of(cls, folder: Path) -> Backups:
        """What `folder` holds."""
        try:
            return cls(folder, proof.standing(folder))
        except BackupError as error:
            return cls(folder, None, str(error))

    @property
    def is_old(self) -> bool:
        """Whether the nights since have brought none."""
        return self.last is not None and timezone.now() - self.last.moment > OLD


@dataclass(frozen=True)
class FailedTask:
    """A task that a worker gave up, with the last line of what went wrong."""

    pk: str
    name: str
    finished_at: datetime.datetime | None
    error: str


@dataclass(frozen=True)
class Tasks:
    """The queue, and how many workers are at it."""

    workers: int
    waiting: int
    oldest: datetime.datetime | None
    running: int
    failed: int
    shown: list[FailedTask]

    @classmethod
    def now(cls) -> Tasks:
        """As they are; three queries."""
        anytime = Q(run_after=get_date_max()) | Q(run_after__lte=timezone.now())
        due = Q(status="READY") & anytime
        found = DBTaskResult.objects.order_by().aggregate(
            waiting=Count("pk", filter=due),
            oldest=Min("enqueued_at", filter=due),
            running=Count("pk", filter=Q(status="RUNNING")),
            failed=Count("pk", filter=Q(status="FAILED")),
        )
        rows = DBTaskResult.objects.failed().order_by("-finished_at", "pk")[:_SHOWN]
        shown = [
            FailedTask(
                str(row.pk),
                row.task_path,
                row.finished_at,
                last_line(row.traceback) or row.exception_class_path,
            )
            for row in rows
        ]
        return cls(workers=live_workers(), shown=shown, **found)

    @property
    def is_late(self) -> bool:
        """Whether tasks wait although a worker is there."""
        return self.oldest is not None and timezone.now() - self.oldest > LATE


def last_line(traceback: str) -> str:
    """What a traceback ends with, without addresses and tokens."""
    lines = traceback[-4000:].strip().splitlines()
    return redact.redact(lines[-1][:300]) if lines else ""


@dataclass(frozen=True)
class MailLog:
    """The mails of one kind: how many wait and failed, why, and what sends these again."""

    key: str
    label: str
    url: str
    rows: QuerySet[Any]

    @property
    def waiting(self) -> int:
        """Those that are to go out."""
        return self.rows.filter(state=DeliveryState.QUEUED).count()

    @cached_property
    def tried(self) -> list[tuple[str, int]]:
        """Why those that wait were not taken the last time."""
        return failures.of(self.rows.filter(state=DeliveryState.QUEUED, tries__gt=0))

    @property
    def failed(self) -> int:
        """Those that were given up."""
        return self.rows.filter(state=DeliveryState.FAILED).count()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why, in the mail server's words."""
        return failures.of(self.rows.filter(state=DeliveryState.FAILED))


_LOGS: Final[tuple[type[Outgoing], ...]] = (AccountMail, ArticleMail, Delivery)


def mail_logs() -> list[MailLog]:
    """Every kind of mail that the site sends."""
    found = []
    for model in _LOGS:
        meta = model._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        label = str(capfirst(meta.verbose_name_plural))
        if model is Delivery:
            label = _("Mails about comments")
        rows = model._default_manager.all()
        found.append(MailLog(meta.label_lower, label, f"{url}?state__exact=failed", rows))
    url = reverse("admin:newsletter_issue_changelist")
    label = str(capfirst(Issue._meta.verbose_name_plural))
    return [*found, MailLog("newsletter.mail", label, url, Mail.objects.all())]


def mails_again(key: str) -> int:
    """Queue failed mails of one log anew; gives how many. Pressed twice, they are queued once."""
    if key == Mail._meta.label_lower:
        return _newsletter_again()
    model = next((one for one in _LOGS if one._meta.label_lower == key), None)
    if model is None:
        return 0
    page: Any = admin.site._registry[model]
    with transaction.atomic():
        failed = model._default_manager.filter(state=DeliveryState.FAILED)
        locked = failed.order_by("pk").select_for_update(of=("self",), skip_locked=True)
        numbers = list(locked.values_list("pk", flat=True)[:_AGAIN])
        requeue: Callable[[int], None] = page.requeue
        for number in numbers:
            requeue(number)
    return len(numbers)


def _newsletter_again() -> int:
    with transaction.atomic():
        failed = Mail.objects.filter(state=DeliveryState.FAILED)
        wanted = failed.order_by().values("issue").distinct()[:_AGAIN]
        return sum(
            sending.failed_again(issue=issue) for issue in Issue.objects.filter(pk__in=wanted)
        )


def tasks_again() -> int:
    """Put failed tasks back into the queue; gives how many. Pressed twice, it is done once."""
    with transaction.atomic():
        failed = DBTaskResult.objects.failed().order_by("finished_at", "pk")
        locked = failed.select_for_update(skip_locked=True)
        numbers = list(locked.values_list("pk", flat=True)[:_AGAIN])
        return DBTaskResult.objects.filter(pk__in=numbers).update(
            status="READY",
            started_at=None,
            finished_at=None,
            worker_ids=[],
            exception_class_path="",
            traceback="",
        )


def versions() -> list[tuple[str, str]]:
    """What runs here, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = str(cursor.fetchone()[0])
    return [
        ("Weerwoord", settings.VERSION),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        ("PostgreSQL", server),
    ]


def warnings() -> list[str]:
    """What an owner should look at; empty when all is well. A fixed number of queries."""
    found = []
    if words := _about_backups(Path(settings.BACKUP_DIR)):
        found.append(words)
    if not live_workers():
        found.append(_("No worker is running: no mail goes out and nothing is scheduled."))
    if any(log.rows.filter(state=DeliveryState.FAILED).exists() for log in mail_logs()):
        found.append(_("Mails could not be delivered."))
    return found


def _about_backups(folder: Path) -> str:
    """What is wrong with the backups, or ""; their long lists of files are not read."""
    try:
        last = proof.newest(folder)
        if last is None:
            return _("There is no backup yet.")
        if timezone.now() - proof.moment_of(last) > OLD:
            return _("The last backup is more than two days old.")
    except BackupError:
        return _("The backups cannot be read.")
    return "" if proof.proof_load(last) else _("The last backup was never tried out.")
