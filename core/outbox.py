"""Outbox: mails are rows, stored in the transaction of the event they report, sent by the worker.

A row of an `Outgoing` model is the mail. What sends it is queued in the same transaction; whatever
happens to that, the worker takes the row up again until it is sent, refused for good, or given up.
"""

from __future__ import annotations

import datetime
import logging
import smtplib
from collections.abc import Callable, Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core import mail_refusals, redact
from core.mail import Letter, domain, sealed, sender, tokens_of, written

# Minutes from one try to the next; after the last the mail is given up, two days and a half on.
PAUSES = (1, 5, 30, 120, 360, 720, 1440)
# A queued mail that was never tried: its task was lost.
_LOST = datetime.timedelta(minutes=5)
# While the server does not answer, others do not wait for it: seconds.
_BREAK = 60.0
_log = logging.getLogger(__name__)


class DeliveryState(models.TextChoices):
    """Delivery state of a mail."""

    COLLECTED = "digest", _("for the daily mail")
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("not sent: no longer wanted or allowed")


_OVER = frozenset({DeliveryState.SENT, DeliveryState.DROPPED})


class Outgoing(models.Model):
    """Abstract row of one mail to one person, stored with the event it reports."""

    KINDS: ClassVar[Collection[str]] = ()
    """What `kind` may say, in tables that have that column."""

    # Names what it is about, "confirm 12" or "credited 345": never told twice to one person.
    event = models.CharField(_("occasion"), max_length=80)
    subject = models.CharField(_("subject"), max_length=200)
    # Text, HTML and headers hold marks where tokens belong (core.mail).
    body = models.TextField(_("text"))
    html = models.TextField(blank=True)
    # Headers beyond the usual ones: threading, unsubscribing, the address to answer to.
    headers = models.JSONField(default=dict)
    # What the marks stand for: {mark: [kind, value]}; emptied when it is sent or dropped.
    tokens = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # The mail server's words, without addresses.
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="%(app_label)s_%(class)s_waiting",
                condition=Q(state="queued"),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """A mail that a process of 0.1.0 queued during the upgrade has its kind in its event."""
        mail = super().from_db(*args, **kwargs)
        if mail.__dict__.get("kind") == "" and "event" in mail.__dict__:
            begins = mail.event.partition(" ")[0]
            mail.__dict__["kind"] = begins if begins in cls.KINDS else ""
        return mail

    @property
    def address(self) -> str:
        """The recipient; empty when the person has no address any more."""
        raise NotImplementedError

    @property
    def message_id_stem(self) -> str:
        """What its Message-ID begins with: the same for every try."""
        raise NotImplementedError

    def is_wanted(self) -> bool:
        """Whether it may still go out at the moment of sending."""
        raise NotImplementedError

    def put_off(self, now: datetime.datetime) -> datetime.timedelta | None:
        """How long the mail must still wait; None when it may be sent now."""
        return None

    def address_refused(self, now: datetime.datetime) -> None:
        """The mail server said for good that nobody reads the address.

        Nothing: an account's address is its owner's to mend, and the log shows the fault.
        """


def send(
    waiting: QuerySet[Any],
    number: int,
    *,
    letter_for: Callable[[Any], Letter | None] | None = None,
) -> None:
    """Send one mail of `waiting`; skips one that is sent or locked by another worker.

    `letter_for` writes a mail whose text is not stored; where it gives None, nothing goes out.
    The row stays locked while the mail server is spoken to. A worker killed between the server's
    yes and the commit sends again, under the same Message-ID.
    """
    with transaction.atomic():
        mail = (
            waiting.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=number, state=DeliveryState.QUEUED)
            .first()
        )
        if mail is not None:
            _try(mail, mail.is_wanted() and (letter_for is None or _write(mail, letter_for(mail))))


def _write(mail: Outgoing, letter: Letter | None) -> bool:
    """Put `letter` into the mail, in memory; tells whether there is one."""
    for name, value in written(letter).items() if letter else ():
        setattr(mail, name, value)
    return letter is not None


def take_up(mails: QuerySet[Any]) -> list[int]:
    """Ids of mails due for a retry or whose task was lost; the caller queues them."""
    now = timezone.now()
    late = mails.filter(state=DeliveryState.QUEUED).filter(
        Q(next_try_at__lte=now) | Q(next_try_at=None, created_at__lt=now - _LOST)
    )
    numbers = list(late.order_by("id").values_list("pk", flat=True)[:200])
    # Not again in the next minute, while these are being tried.
    mails.filter(pk__in=numbers).update(next_try_at=now + _LOST)
    return numbers


def refusal_of(mails: QuerySet[Any]) -> str:
    """What a mail server said last of this site's mail that still waits; empty when nothing."""
    waiting = mails.filter(state=DeliveryState.QUEUED, tries__gt=0)
    words = waiting.order_by("-id").values_list("error", flat=True)[:20]
    return next((said for said in words if mail_refusals.is_of_us(said)), "")


def again(mails: QuerySet[Any]) -> None:
    """Reset failed mails, so that they are tried again."""
    mails.update(state=DeliveryState.QUEUED, tries=0, next_try_at=None, error="")


def _try(delivery: Outgoing, wanted: bool) -> None:
    now = timezone.now()
    if not wanted:
        delivery.state, delivery.error = DeliveryState.DROPPED, ""
    elif seconds := mail_refusals.held_for(delivery.address):
        delivery.next_try_at = now + datetime.timedelta(seconds=seconds)
    elif pause := delivery.put_off(now):
        delivery.next_try_at = now + pause
    else:
        delivery.tries += 1
        try:
            _send(delivery)
        except Exception as fault:
            # The row's number, no address: the row itself says to whom and in whose words.
            _log.warning(
                "mail %s %d was not sent: %s %d",
                delivery._meta.label,
                delivery.pk,
                type(fault).__name__,
                _code(fault),
            )
            said = _words(fault)[:1000]
            delivery.error = redact.redact(said)[:300]
            everybody = mail_refusals.is_of_all(fault)
            of_us = everybody or mail_refusals.is_of_us(said)
            if of_us:
                mail_refusals.keep_back(delivery.address, everybody=everybody)
            answered = isinstance(fault, smtplib.SMTPResponseException) or _refused(fault)
            if isinstance(fault, OSError) and not answered:
                mail_refusals.hold_all(_BREAK)
            _after_fault(delivery, fault, now, of_us=of_us)
        else:
            delivery.state, delivery.error = DeliveryState.SENT, ""
            delivery.sent_at, delivery.next_try_at = now, None
    fields = ["state", "error", "tries", "sent_at", "next_try_at"]
    if delivery.state in _OVER:
        delivery.tokens = {}
        fields.append("tokens")
    delivery.save(update_fields=fields)


def _refused(fault: BaseException) -> int:
    """The server's code for the only recipient when that was what it refused, or 0."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max((code for code, _said in fault.recipients.values()), default=550)
    return 0


def _code(fault: BaseException) -> int:
    """The server's code, or 0 when it gave none."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return fault.smtp_code
    return _refused(fault)


def _after_fault(
    delivery: Outgoing, fault: Exception, now: datetime.datetime, *, of_us: bool
) -> None:
    code = _refused(fault)
    if isinstance(fault, smtplib.SMTPDataError):
        code = fault.smtp_code
    if (code >= 500 and not of_us) or delivery.tries > len(PAUSES):
        delivery.state, delivery.next_try_at = DeliveryState.FAILED, None
        if _refused(fault) >= 500 and not of_us:
            delivery.address_refused(now)
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


def message_id(delivery: Outgoing) -> str:
    """The same for every try, so that a mail sent twice shows once."""
    return f"<{delivery.message_id_stem}@{domain()}>"


def _send(delivery: Outgoing) -> None:
    made = tokens_of(delivery.tokens)
    headers = {name: sealed(value, made) for name, value in delivery.headers.items()}
    if "From" not in headers:
        headers["From"] = sender(import_string(settings.MAIL_NAME)())
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=sealed(delivery.body, made),
        to=[delivery.address],
        headers={
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            **{name: value for name, value in headers.items() if value},
        },
    )
    if delivery.html:
        message.attach_alternative(sealed(delivery.html, made), "text/html")
    message.send()
