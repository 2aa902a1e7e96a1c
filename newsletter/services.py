"""Subscribing and ending it: nobody gets a newsletter who did not press the button in a mail."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from authors import limits
from authors.models import Author
from blog.models import Tag
from comments.commenters import giving, own_comments
from comments.models import Commenter
from comments.screening import bans
from core.addresses import folded, mailbox
from newsletter import letters
from newsletter.models import Ended, MailPace, Subscription


def subscribe_request(
    *,
    email: str,
    language: str,
    author: Author | None,
    tag: Tag | None,
    pace: MailPace,
) -> None:
    """Mail a link to subscribe with, as often as `authors.limits` lets a mailbox.

    Says nothing of whether the address is known.
    """
    try:
        with transaction.atomic():
            person, _new = Commenter.objects.get_or_create(
                email=folded(email), defaults={"name": "", "language": language}
            )
    except IntegrityError:
        return
    if bans.is_blocked(person) or person.bounced_at is not None:
        return
    if not limits.allows(limits.Use("mailbox", f"newsletter {mailbox(email)}")):
        return
    with transaction.atomic():
        letters.ask_to_confirm(person, author, tag, pace)


@transaction.atomic
def subscribe(
    *, person: Commenter, author: Author | None, tag: Tag | None, pace: MailPace
) -> Subscription:
    """Let the person, whose address this confirms, have the newsletter; twice is once."""
    own_comments.address_confirm(commenter=person)
    Ended.objects.filter(person=person, author=author, tag=tag).delete()
    # Who subscribes already consented before: the first date is the proof.
    return Subscription.objects.update_or_create(
        person=person, author=author, tag=tag, defaults={"pace": pace}
    )[0]


@transaction.atomic
def unsubscribe(*, person: Commenter, subscription: int | None = None) -> None:
    """End one of the person's subscriptions, or without a number all of them; twice is once.

    That it ended is kept, so that no list that comes in begins it again.
    """
    ending = Subscription.objects.filter(person=person)
    if subscription is not None:
        ending = ending.filter(pk=subscription)
    ended = {(one.author_id, one.tag_id) for one in ending}
    if subscription is None:
        ended.add((None, None))
    Ended.objects.bulk_create(
        (Ended(person=person, author_id=author, tag_id=tag) for author, tag in ended),
        ignore_conflicts=True,
    )
    ending.delete()


def export(person: Commenter) -> dict[str, Any]:
    """What is kept of the person, in plain values for JSON."""
    return {
        "subscriptions": [
            {
                "to": str(one),
                "how_often": one.pace,
                "since": giving.moment(one.created_at),
                "consent": giving.moment(one.consented_at),
                "consent_given_at": one.source,
            }
            for one in person.newsletters.select_related("author", "tag").order_by("pk")
        ],
        "ended": [
            {"to": str(one), "ended": giving.moment(one.ended_at)}
            for one in person.ended.select_related("author", "tag").order_by("pk")
        ],
        "mails": [
            {"subject": one.subject, "made": giving.moment(one.created_at)}
            for one in person.newsletter_mails.order_by("pk")
        ],
    }
