"""Mails that ask moderators to decide: one comment at once, what follows soon after it together.

A mail is stored for each comment and moderator. Whoever got one within the last quarter of an hour
gets the next ones collected, in one mail after it; whoever wants mail daily, with the daily mail.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.site.settings import site_settings
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    MailKind,
    Pace,
    SignalKind,
    State,
    log_signals,
)
from comments.notifications import deliveries, notices
from comments.screening import reasons
from comments.thread import plain_text
from core import mail

APART = datetime.timedelta(minutes=15)
"""The least time between two mails about held comments to one person."""
_UNSENT = (DeliveryState.COLLECTED, DeliveryState.DROPPED)
_TOLD = 20
"""So many comments stand in one mail; the queue has all."""
_log = logging.getLogger(__name__)


def needs_no_mail(comment: Comment) -> bool:
    """Whether it looks like spam, which waits in the queue without a mail."""
    kinds = {one.kind for one in log_signals.of_holding(comment.events.all())}
    return bool(kinds & {SignalKind.FILTER, SignalKind.AKISMET})


def signals_of(comment: Comment) -> str:
    """Why the comment was held, in the language that is switched on."""
    held = log_signals.of_holding(comment.events.all())
    return ", ".join(reasons.describe(one) for one in held)


def ask(comment: Comment, people: Iterable[Commenter]) -> None:
    """Store a mail about `comment` to each of `people`, and send those that are not collected."""
    mails, site = [], site_settings().title
    for person in people:
        with translation.override(person.language):
            letter = notices.held_letter(comment, person, signals_of(comment), site)
            one = deliveries.make(MailKind.HELD, comment.pk, person, letter, comment=comment)
        if _since(person).exclude(state=DeliveryState.DROPPED).exists():
            one.state = DeliveryState.COLLECTED
        mails.append(one)
    deliveries.store(mails)


def _since(person: Commenter) -> models.QuerySet[Delivery]:
    """The mails about held comments that were made for the person lately."""
    return Delivery.objects.filter(
        commenter=person, kind=MailKind.HELD, created_at__gt=timezone.now() - APART
    )


def send_bundles() -> None:
    """Send what was collected, in one mail to each person who got none lately."""
    waiting = Delivery.objects.filter(state=DeliveryState.COLLECTED, kind=MailKind.HELD)
    people = Commenter.objects.filter(pk__in=waiting.values("commenter"))
    for person in people.exclude(pace=Pace.DAILY).select_related("user").order_by("pk")[:500]:
        if _since(person).exclude(state__in=_UNSENT).exists():
            continue
        try:
            _bundle(person)
        except Exception:
            # One that cannot be written must not keep the others' back.
            _log.exception("the mail of held comments of person %d could not be written", person.pk)


@transaction.atomic
def _bundle(person: Commenter) -> None:
    """One mail about what still waits; what was decided since is dropped. Locks the rows."""
    rows = list(
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(commenter=person, state=DeliveryState.COLLECTED, kind=MailKind.HELD)
        .order_by("comment")
    )
    found = Comment.objects.moderated_by(person.user) if person.user else Comment.objects.none()
    found = found.filter(pk__in=[row.comment_id for row in rows], state=State.PENDING)
    comments = list(
        found.select_related("article", "parent").prefetch_related("events").order_by("pk")
    )
    mine = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    if len(comments) == 1 and notices.wants_mail(person):
        # It has a mail of its own already.
        [one] = [row for row in rows if row.comment_id == comments[0].pk]
        mine.exclude(pk=one.pk).update(state=DeliveryState.DROPPED, tokens={})
        mine.filter(pk=one.pk).update(state=DeliveryState.QUEUED, created_at=timezone.now())
        deliveries.deliver.enqueue(one.pk)
        return
    mine.update(state=DeliveryState.DROPPED, tokens={})
    if comments and notices.wants_mail(person):
        with translation.override(person.language):
            letter = _letter(person, comments)
        about = f"{comments[-1].pk} and before"
        deliveries.queue(kind=MailKind.HELD, about=about, commenter=person, letter=letter)
        told = mine.filter(comment__in=[comment.pk for comment in comments])
        told.update(state=DeliveryState.SENT, sent_at=timezone.now())


def _letter(person: Commenter, comments: list[Comment]) -> mail.Letter:
    site = site_settings().title
    parts = [entry(comment) for comment in comments[:_TOLD]]
    more = len(comments) - len(parts)
    if more:
        parts.append(ngettext("And %s more.", "And %s more.", more) % intcomma(more))
    count = ngettext(
        "%(count)s comment waits for approval on %(site)s",
        "%(count)s comments wait for approval on %(site)s",
        len(comments),
    )
    stop = notices.stop_url(person, None)
    return mail.Letter(
        subject=count % {"count": intcomma(len(comments)), "site": site},
        paragraphs=tuple(parts),
        links=((_("Approve or refuse them"), notices.queue_url()),),
        notes=(_("You get this because you moderate here."),),
        note_links=notices.ways_out(person, None),
        headers={
            "List-Unsubscribe": mail.in_brackets(stop),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def entry(comment: Comment) -> str:
    """A held comment in a mail about several: where, why, what it answers and says, its page."""
    head = _("%(name)s wrote under “%(title)s”; it waits because: %(why)s.") % {
        "name": mail.display_name(comment.name),
        "title": comment.article.title,
        "why": signals_of(comment),
    }
    lines = [head, *notices.answered(comment), plain_text.words_of(comment)]
    return "\n".join([*lines, f"{settings.SITE_URL}{comment.moderate_url}#comment-{comment.pk}"])
