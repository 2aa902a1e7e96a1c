"""Mail to commenters: made in the transaction of what it tells, sent by the worker.

A row of `Delivery` is the mail. Its task is stored in the same transaction; whatever happens to
the task, `send_waiting` takes the row up again until it is sent or two days old.
"""

from __future__ import annotations

import datetime
import logging
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from blog.periodic import every
from comments.models import Commenter, Delivery, DeliveryState

_RETRY = datetime.timedelta(minutes=5)
_GIVE_UP = datetime.timedelta(days=2)
_log = logging.getLogger(__name__)


def queue(*, event: str, commenter: Commenter, subject: str, body: str) -> Delivery | None:
    """Store a mail to be sent; None when `event` was told to `commenter` before.

    The caller is inside the transaction of what the mail is about. `subject` is one line.
    """
    delivery, is_new = Delivery.objects.get_or_create(
        event=event,
        commenter=commenter,
        defaults={"subject": " ".join(subject.split())[:200], "body": body},
    )
    if not is_new:
        return None
    deliver.enqueue(delivery.pk)
    return delivery


@task()
def deliver(number: int) -> None:
    """Send one waiting mail; does nothing for one that is sent, or being sent elsewhere.

    The row stays locked while the mail server is spoken to. A worker killed between the server's
    yes and the commit sends again, under the same Message-ID.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("commenter")
            .filter(pk=number, state=DeliveryState.QUEUED)
            .first()
        )
        if delivery is None:
            return
        try:
            _send(delivery)
        except Exception as fault:
            _log.warning("mail %d was not sent: %r", number, fault)
            delivery.error = f"{type(fault).__name__}: {fault}"[:300]
            if timezone.now() - delivery.created_at > _GIVE_UP:
                delivery.state = DeliveryState.FAILED
        else:
            delivery.state, delivery.error = DeliveryState.SENT, ""
            delivery.sent_at = timezone.now()
        delivery.save(update_fields=["state", "error", "sent_at"])


def _send(delivery: Delivery) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    EmailMessage(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.commenter.email or ""],
        headers={
            "Message-ID": f"<delivery.{delivery.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    ).send()


@every(seconds=300)
def send_waiting() -> None:
    """Ask again for mails that wait longer than their task should have taken."""
    late = Delivery.objects.filter(
        state=DeliveryState.QUEUED, created_at__lt=timezone.now() - _RETRY
    )
    for number in late.order_by("id").values_list("pk", flat=True)[:200]:
        deliver.enqueue(number)
