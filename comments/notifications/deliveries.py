"""Mail to people in the conversation; `core.outbox` sends it (see there)."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from comments.models import Comment, Commenter, Delivery, DeliveryState, MailKind, Pace
from core.mail import Letter, display_name, domain, sender, written
from core.outbox import again, send, take_up

__all__ = ["Letter", "display_name", "domain", "sender", "written"]

# How long word of a decision waits, so that it can be taken back unsaid.
GRACE = datetime.timedelta(minutes=1)


def event_of(kind: MailKind, about: object) -> str:
    """The name of what a mail tells: "confirm 12". Nothing is told twice to one person."""
    return f"{kind} {about}"


def make(
    kind: MailKind,
    about: object,
    commenter: Commenter,
    letter: Letter,
    *,
    comment: Comment | None = None,
) -> Delivery:
    """A mail, not stored; `about` tells what of its kind it is for."""
    event, columns = event_of(kind, about), written(letter)
    return Delivery(kind=kind, event=event, commenter=commenter, comment=comment, **columns)


def queue(
    *,
    kind: MailKind,
    about: object,
    commenter: Commenter,
    letter: Letter,
    comment: Comment | None = None,
    wait: bool = False,
) -> Delivery | None:
    """Store a mail to be sent at once; None when the same was told to `commenter` before.

    With `wait` it goes out after `GRACE`. The caller is inside the transaction of what the mail
    is about.
    """
    mail = make(kind, about, commenter, letter, comment=comment)
    mail.next_try_at = timezone.now() + GRACE if wait else None
    Delivery.objects.bulk_create([mail], ignore_conflicts=True)
    stored = Delivery.objects.only("pk", "state").get(event=mail.event, commenter=commenter)
    if stored.state != DeliveryState.QUEUED:
        return None
    if not wait:
        deliver.enqueue(stored.pk)
    return stored


def store(mails: list[Delivery]) -> None:
    """Store mails of one event, and send those that are not collected for their people."""
    for one in mails:
        if one.commenter.pace == Pace.DAILY:
            one.state = DeliveryState.COLLECTED
    Delivery.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    if any(one.state == DeliveryState.QUEUED for one in mails):
        deliver_event.enqueue(mails[0].event)


def withdraw(kind: MailKind, *about: object) -> list[Delivery]:
    """Take back the mails of a kind that are not sent, nor being sent; they may be made anew.

    Gives what they were, with their people; the caller is in a transaction.
    """
    events = [event_of(kind, one) for one in about]
    return withdraw_all(Delivery.objects.filter(event__in=events))


def withdraw_all(mails: QuerySet[Delivery]) -> list[Delivery]:
    """As `withdraw`, for those of `mails`."""
    waiting = mails.filter(state=DeliveryState.QUEUED)
    rows = list(
        waiting.select_for_update(skip_locked=True, of=("self",)).select_related("commenter")
    )
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def requeue(number: int) -> None:
    """Send a mail that failed once more; the person's address counts as good again."""
    again(Delivery.objects.filter(pk=number))
    Commenter.objects.filter(deliveries=number).update(bounced_at=None)
    deliver.enqueue(number)


@task()
def deliver(number: int) -> None:
    """Send one queued mail; skips one that is sent or locked by another worker."""
    send(Delivery.objects.select_related("commenter__user", "comment__article"), number)


@task()
def deliver_event(event: str) -> None:
    """Send every waiting mail of an event, each in a transaction of its own."""
    waiting = Delivery.objects.filter(event=event, state=DeliveryState.QUEUED, tries=0)
    for number in list(waiting.order_by("id").values_list("pk", flat=True)):
        deliver.call(number)


def comment_message_id(comment_id: int, commenter_id: int) -> str:
    """The Message-ID of the mail that tells a person of a comment."""
    return f"<comment.{comment_id}.{commenter_id}@{domain()}>"


def send_waiting() -> None:
    """Queue mails that are due for a retry or lost their task."""
    for number in take_up(Delivery.objects.all()):
        deliver.enqueue(number)
