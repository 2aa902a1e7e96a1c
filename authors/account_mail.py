"""Mail about accounts: rows of the outbox, sent and tried again like all other mail."""

from __future__ import annotations

import datetime
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tasks import task

from authors.models import AccountMail, AccountMailKind, User
from core.mail import Letter, written
from core.outbox import DeliveryState, again, send, take_up


@transaction.atomic
def queue(*, user: User, kind: AccountMailKind, letter: Letter) -> None:
    """Store a mail to the account's address, to be sent at once; nothing without an address.

    What the mail is about belongs in the same transaction.
    """
    if not user.email:
        return
    event = f"{kind} {secrets.token_hex(8)}"
    mail = AccountMail.objects.create(
        kind=kind, event=event, user=user, to_address=user.email, **written(letter)
    )
    deliver.enqueue(mail.pk)


def language_of(user: User) -> translation.override:
    """Switches to the language that the account's owner reads."""
    return translation.override(user.language or settings.LANGUAGE_CODE)


@task()
def deliver(number: int) -> None:
    """Send one queued mail; skips one that is sent or locked by another worker."""
    send(AccountMail.objects.select_related("user"), number)


def requeue(number: int) -> None:
    """Send a mail that failed once more."""
    again(AccountMail.objects.filter(pk=number))
    deliver.enqueue(number)


def send_waiting() -> None:
    """Queue mails that are due for a retry or lost their task."""
    for number in take_up(AccountMail.objects.all()):
        deliver.enqueue(number)


def forget(*, before: datetime.datetime) -> None:
    """Delete mails made before `before` that were sent or given up."""
    done = AccountMail.objects.exclude(state=DeliveryState.QUEUED)
    done.filter(created_at__lt=before).delete()
