"""Mail to people: made in the transaction of what it tells, sent by the worker.

A row of `Delivery` is the mail. What sends it is queued in the same transaction; whatever happens
to that, `send_waiting` takes the row up again until it is sent, refused for good, or given up.
"""

from __future__ import annotations

import datetime
import functools
import logging
import operator
import re
import smtplib
import time
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from blog.periodic import every
from comments.models import Comment, Commenter, Delivery, DeliveryState, State

# Minutes from one try to the next; after the last the mail is given up, two days and a half on.
PAUSES = (1, 5, 30, 120, 360, 720, 1440)
# A queued mail that was never tried: its task was lost.
_LOST = datetime.timedelta(minutes=5)
# How long word of a decision waits, so that it can be taken back unsaid.
GRACE = datetime.timedelta(minutes=1)
# While the server does not answer, others do not wait for it: seconds.
_BREAK = 60.0
_away_until = float("-inf")
# Mails that anybody can have sent to an address that is not his: so many an hour go out, the others
# wait. A flood of forged comments must not become a flood of mails to strangers.
STRANGERS = ("confirm ", "follow ")
STRANGERS_PER_HOUR = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What a mail says; its text and its HTML are made of the same parts."""

    subject: str
    paragraphs: tuple[str, ...]
    # Somebody's words, as plain text, and whose they are.
    quote: str = ""
    quoted: str = ""
    # What to do: labels and addresses.
    links: tuple[tuple[str, str], ...] = ()
    # In small letters below: why it came, how to stop it.
    notes: tuple[str, ...] = ()
    note_links: tuple[tuple[str, str], ...] = ()
    # Told at its top when an answer by mail is taken.
    answer_line: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def domain() -> str:
    """The domain that mail is sent from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def sender(name: str) -> str:
    """The From header: the site's address under `name`."""
    plain = re.sub(r'[<>"@,;:\\]', " ", name)
    return formataddr((" ".join(plain.split())[:80], parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def make(
    event: str, commenter: Commenter, letter: Letter, *, comment: Comment | None = None
) -> Delivery:
    """A mail, not stored. Its subject is one line, whatever was typed into it."""
    return Delivery(
        event=event,
        commenter=commenter,
        comment=comment,
        subject=" ".join(letter.subject.split())[:200],
        body=render_to_string("mail/comment.txt", {"letter": letter}).strip() + "\n",
        html=render_to_string("mail/comment.html", {"letter": letter}),
        headers=letter.headers,
    )


def queue(
    *,
    event: str,
    commenter: Commenter,
    letter: Letter,
    comment: Comment | None = None,
    wait: bool = False,
) -> Delivery | None:
    """Store a mail to be sent at once; None when `event` was told to `commenter` before.

    With `wait` it goes out after `GRACE`. The caller is inside the transaction of what the mail
    is about.
    """
    mail = make(event, commenter, letter, comment=comment)
    mail.next_try_at = timezone.now() + GRACE if wait else None
    Delivery.objects.bulk_create([mail], ignore_conflicts=True)
    stored = Delivery.objects.filter(event=event, commenter=commenter).only("pk", "state").get()
    if stored.state != DeliveryState.QUEUED:
        return None
    if not wait:
        deliver.enqueue(stored.pk)
    return stored


def withdraw(*events: str) -> list[Delivery]:
    """Take back the mails of `events` that are not sent, nor being sent; they may be made anew.

    Gives what they were, with their people; the caller is in a transaction.
    """
    waiting = Delivery.objects.filter(event__in=events, state=DeliveryState.QUEUED)
    rows = list(
        waiting.select_for_update(skip_locked=True, of=("self",)).select_related("commenter")
    )
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def requeue(number: int) -> None:
    """Send a mail that failed once more; the person's address counts as good again."""
    Delivery.objects.filter(pk=number).update(
        state=DeliveryState.QUEUED, tries=0, next_try_at=None, error=""
    )
    Commenter.objects.filter(deliveries=number).update(bounced_at=None)
    deliver.enqueue(number)


@task()
def deliver(number: int) -> None:
    """Send one waiting mail; does nothing for one that is sent, or being sent elsewhere.

    The row stays locked while the mail server is spoken to. A worker killed between the server's
    yes and the commit sends again, under the same Message-ID.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("commenter__user", "comment__article")
            .filter(pk=number, state=DeliveryState.QUEUED)
            .first()
        )
        if delivery is not None:
            _try(delivery)


@task()
def deliver_event(event: str) -> None:
    """Send every waiting mail of an event, each in a transaction of its own."""
    waiting = Delivery.objects.filter(event=event, state=DeliveryState.QUEUED, tries=0)
    for number in list(waiting.order_by("id").values_list("pk", flat=True)):
        deliver.call(number)


def _try(delivery: Delivery) -> None:
    global _away_until
    now = timezone.now()
    if not _is_wanted(delivery):
        delivery.state, delivery.error = DeliveryState.DROPPED, ""
    elif time.monotonic() < _away_until:
        delivery.next_try_at = now + datetime.timedelta(seconds=_BREAK)
    elif delivery.event.startswith(STRANGERS) and _is_enough(now):
        delivery.next_try_at = now + datetime.timedelta(minutes=10)
    else:
        delivery.tries += 1
        try:
            _send(delivery)
        except Exception as fault:
            _log.warning("mail %d was not sent: %r", delivery.pk, fault)
            delivery.error = _words(fault)[:300]
            if isinstance(fault, OSError) and not isinstance(fault, smtplib.SMTPResponseException):
                _away_until = time.monotonic() + (0 if _refused(fault) else _BREAK)
            _after_fault(delivery, fault, now)
        else:
            delivery.state, delivery.error = DeliveryState.SENT, ""
            delivery.sent_at, delivery.next_try_at = now, None
    delivery.save(update_fields=["state", "error", "tries", "sent_at", "next_try_at"])


def _is_enough(now: datetime.datetime) -> bool:
    """Whether as many mails to strangers as an hour may have went out in the last one."""
    kinds = functools.reduce(operator.or_, (Q(event__startswith=kind) for kind in STRANGERS))
    since = now - datetime.timedelta(hours=1)
    sent = Delivery.objects.filter(kinds, state=DeliveryState.SENT, sent_at__gt=since)
    return sent.count() >= STRANGERS_PER_HOUR


def _is_wanted(delivery: Delivery) -> bool:
    """Whether it may still go out: the address is good, and what it tells of is to be read.

    Nothing is to be confirmed any more once all that was written with the address was refused.
    """
    person, comment = delivery.commenter, delivery.comment
    if not person.address or person.bounced_at is not None:
        return False
    if delivery.event.startswith("confirm "):
        return person.comments.filter(state__in=(State.PENDING, State.APPROVED)).exists()
    if comment is None or delivery.event.startswith(("held ", "decided ")):
        return True
    return Comment.objects.public().filter(pk=comment.pk).exists()


def _refused(fault: BaseException) -> int:
    """The server's code for the only recipient when that was what it refused, or 0."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max((code for code, _said in fault.recipients.values()), default=550)
    return 0


def _after_fault(delivery: Delivery, fault: Exception, now: datetime.datetime) -> None:
    code = _refused(fault)
    if isinstance(fault, smtplib.SMTPDataError):
        code = fault.smtp_code
    if code >= 500 or delivery.tries > len(PAUSES):
        delivery.state, delivery.next_try_at = DeliveryState.FAILED, None
        if _refused(fault) >= 500:
            Commenter.objects.filter(pk=delivery.commenter_id).update(bounced_at=now)
    else:
        pause = PAUSES[delivery.tries - 1]
        delivery.next_try_at = now + datetime.timedelta(minutes=pause)


def _words(fault: Exception) -> str:
    """The server's own words where it said some."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()), (0, b""))
    elif isinstance(fault, smtplib.SMTPResponseException):
        code, said = fault.smtp_code, _bytes(fault.smtp_error)
    else:
        return f"{type(fault).__name__}: {fault}"
    return f"{code} {said.decode('utf-8', 'replace')}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def message_id(delivery: Delivery) -> str:
    """The same for every try, so that a mail sent twice shows once; for a comment the one that
    answers to it refer to."""
    if delivery.comment_id and delivery.event.startswith("comment "):
        return comment_message_id(delivery.comment_id, delivery.commenter_id)
    return f"<delivery.{delivery.pk}@{domain()}>"


def comment_message_id(comment_id: int, commenter_id: int) -> str:
    """The Message-ID of the mail that tells a person of a comment."""
    return f"<comment.{comment_id}.{commenter_id}@{domain()}>"


def _send(delivery: Delivery) -> None:
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.commenter.address],
        headers={
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            **delivery.headers,
        },
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    message.send()


@every(seconds=60)
def send_waiting() -> None:
    """Queue what is due for another try, and what lost its task."""
    now = timezone.now()
    late = Delivery.objects.filter(state=DeliveryState.QUEUED).filter(
        Q(next_try_at__lte=now) | Q(next_try_at=None, created_at__lt=now - _LOST)
    )
    numbers = list(late.order_by("id").values_list("pk", flat=True)[:200])
    # Not again in the next minute, while these are being tried.
    Delivery.objects.filter(pk__in=numbers).update(next_try_at=now + _LOST)
    for number in numbers:
        deliver.enqueue(number)
