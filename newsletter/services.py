"""Subscribing and ending it: nobody gets a newsletter who did not press the button in a mail."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from authors.models import Author
from blog.models import Tag
from comments import giving, rights
from comments.models import Commenter, Delivery, Trust
from newsletter import letters
from newsletter.models import Pace, Request, Subscription

# Mails that ask one mailbox to confirm, a day, however often and by whomever they are asked for.
_ASKED_A_DAY = 3
# Requests from one network address, an hour.
_ASKED_AN_HOUR = 15


class TooMany(Exception):
    """This network address has asked too often; try again in an hour."""


def subscribe_request(
    *,
    email: str,
    language: str,
    author: Author | None,
    tag: Tag | None,
    pace: Pace,
    client: bytes,
) -> None:
    """Mail a link to subscribe with; says nothing of whether the address is known.

    Raises `TooMany` for a network that asks too often. A mailbox gets three such mails a day at
    most; addresses that differ only by what stands after a plus sign are one mailbox.
    """
    hour = timezone.now() - datetime.timedelta(hours=1)
    if Request.objects.filter(client=client, created_at__gt=hour).count() >= _ASKED_AN_HOUR:
        raise TooMany
    Request.objects.create(client=client)
    try:
        with transaction.atomic():
            person, _new = Commenter.objects.get_or_create(
                email=email.strip().lower(), defaults={"name": "", "language": language}
            )
    except IntegrityError:
        return
    if person.trust == Trust.BLOCKED or person.bounced_at is not None:
        return
    today = f"join {timezone.localdate():%Y-%m-%d} "
    asked = Delivery.objects.filter(commenter__in=_one_mailbox(person), event__startswith=today)
    number = asked.count() + 1
    if number > _ASKED_A_DAY:
        return
    with transaction.atomic():
        letters.ask_to_confirm(person, author, tag, pace, f"{today}{number}")


def _one_mailbox(person: Commenter) -> list[int]:
    local, _at, domain = (person.email or "").rpartition("@")[0].partition("+")
    domain = (person.email or "").rpartition("@")[2]
    same = Q(email=f"{local}@{domain}") | Q(
        email__startswith=f"{local}+", email__endswith=f"@{domain}"
    )
    return list(Commenter.objects.filter(same).values_list("pk", flat=True))


@transaction.atomic
def subscribe(
    *, person: Commenter, author: Author | None, tag: Tag | None, pace: Pace
) -> Subscription:
    """Let the person, whose address this confirms, have the newsletter; twice is once."""
    rights.commenter_confirm(commenter=person)
    return Subscription.objects.update_or_create(
        person=person, author=author, tag=tag, defaults={"pace": pace}
    )[0]


def unsubscribe(*, person: Commenter, subscription: int | None = None) -> None:
    """End one of the person's subscriptions, or without a number all of them; twice is once."""
    ending = Subscription.objects.filter(person=person)
    if subscription is not None:
        ending = ending.filter(pk=subscription)
    ending.delete()


def export(person: Commenter) -> dict[str, Any]:
    """What is kept of the person, in plain values for JSON."""
    return {
        "subscriptions": [
            {
                "to": str(one),
                "how_often": one.pace,
                "since": giving.moment(one.created_at),
            }
            for one in person.newsletters.select_related("author", "tag").order_by("pk")
        ],
        "mails": [
            {"subject": one.subject, "made": giving.moment(one.created_at)}
            for one in person.newsletter_mails.order_by("pk")
        ],
    }
