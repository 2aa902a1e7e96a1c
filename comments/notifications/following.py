"""Notifications about new comments, at once or as daily digest; subscribing and stopping.

`Comment.to_tell` is set in the transaction that shows or holds a comment; the worker turns it into
mails. Nothing is told twice: a mail is unique by its event and its recipient.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authors import limits
from authors.models import User
from authors.roles import Role
from blog.models import Article
from blog.site.settings import site_settings
from comments.models import (
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    MailKind,
    Pace,
    State,
    Subscription,
)
from comments.notifications import deliveries, held, notices
from comments.screening import bans
from comments.thread import plain_text, tree
from core import mail
from core.addresses import folded, mailbox
from core.mail import in_brackets

# The hour, in the site's time zone, from which the daily mail goes out.
DIGEST_HOUR = 7
_BATCH = 100
_log = logging.getLogger(__name__)


def tell_waiting() -> None:
    """Create the mails of new and newly approved comments; locks their rows."""
    rows = (
        Comment.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("article", "parent__commenter__user")
        .filter(to_tell=True)
        .order_by("id")[:_BATCH]
    )
    numbers = []
    for comment in rows:
        numbers.append(comment.pk)
        try:
            with transaction.atomic():
                _tell(comment)
        except Exception:
            # One that cannot be told must not keep the others back for ever.
            _log.exception("comment %d could not be told", comment.pk)
    Comment.objects.filter(pk__in=numbers).update(to_tell=False)


def _tell(comment: Comment) -> None:
    if comment.state == State.APPROVED:
        _announce(comment)
    elif comment.state == State.PENDING:
        _ask_moderators(comment)


def _announce(comment: Comment) -> None:
    if not Comment.objects.public().filter(pk=comment.pk).exists():
        return
    mails, site = [], site_settings().title
    for person, why, subscription in _recipients(comment):
        with translation.override(person.language):
            letter = notices.comment_letter(comment, person, why, subscription, site)
            kind, about = MailKind.COMMENT, comment.pk
            one = deliveries.make(kind, about, person, letter, comment=comment)
            if subscription is not None and subscription.pace == Pace.DAILY:
                one.state = DeliveryState.COLLECTED
            mails.append(one)
    deliveries.store(mails)


def _recipients(comment: Comment) -> Iterator[tuple[Commenter, str, Subscription | None]]:
    """Recipients, each once with the strongest reason (author, answered, follower)."""
    found: list[tuple[Commenter, str, Subscription | None]] = [
        (person, "author", None) for person in _people(_authors_of(comment.article_id))
    ]
    if comment.parent is not None and comment.parent.commenter is not None:
        found.append((comment.parent.commenter, "answer", None))
    above = tree.ids_of(bytes(comment.path))[:-1]
    following = Subscription.objects.filter(article=comment.article_id).filter(
        Q(comment=None) | Q(comment__in=above)
    )
    found += [
        (one.commenter, "follow", one)
        # Who follows both the article and the branch hears at once when either says so.
        for one in following.select_related("commenter__user").order_by("-pace", "id")
    ]
    seen = {comment.commenter_id}
    for person, why, subscription in found:
        if person.pk not in seen and notices.wants_mail(person):
            seen.add(person.pk)
            yield person, why, subscription


def _ask_moderators(comment: Comment) -> None:
    """Mail to those who decide; what looks like spam waits in the admin without a mail."""
    if held.needs_no_mail(comment):
        return
    users = User.objects.filter(is_active=True).filter(
        Q(groups__name=Role.MODERATOR) | Q(pk__in=_authors_of(comment.article_id).values("pk"))
    )
    held.ask(comment, filter(notices.wants_mail, _people(users.distinct())))


def _authors_of(article_id: int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, author__article_authors__article=article_id).exclude(
        email=""
    )


def _people(users: QuerySet[User]) -> list[Commenter]:
    """The users as persons of the conversation, made where they were not yet."""
    people = []
    for user in users.select_related("commenter", "author"):
        people.append(person_of(user))
    return people


def person_of(user: User) -> Commenter:
    """The user as a person of the conversation, made where they were not yet."""
    person = getattr(user, "commenter", None)
    if person is None:
        person, _new = Commenter.objects.get_or_create(
            user=user, defaults={"name": user.public_name[:60], "trust": "trusted"}
        )
    person.user = user
    return person


def send_digests() -> None:
    """After seven in the morning: one mail a person with what was collected since yesterday's.

    Whoever has today's keeps what came in late for tomorrow's.
    """
    now = timezone.localtime()
    if now.hour < DIGEST_HOUR:
        return
    start = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    waiting = Delivery.objects.filter(state=DeliveryState.COLLECTED, created_at__lt=start)
    event = deliveries.event_of(MailKind.DIGEST, _day(start))
    told = Delivery.objects.filter(event=event, commenter__in=waiting.values("commenter"))
    people = Commenter.objects.filter(pk__in=waiting.values("commenter")).select_related("user")
    people = people.exclude(pk__in=told.values("commenter"))
    for person in people.order_by("pk")[:500]:
        try:
            _digest(person, start)
        except Exception:
            # One that cannot be written must not keep the others' back.
            _log.exception("the daily mail of person %d could not be written", person.pk)


def _day(start: datetime.datetime) -> str:
    return f"{start:%Y-%m-%d}"


@transaction.atomic
def _digest(person: Commenter, start: datetime.datetime) -> None:
    rows = list(
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(commenter=person, state=DeliveryState.COLLECTED, created_at__lt=start)
        .select_related("comment__article", "comment__parent")
        .prefetch_related("comment__events")
        .order_by("comment__article_id", "id")
    )
    public = set(
        Comment.objects.public()
        .filter(pk__in=[row.comment_id for row in rows])
        .values_list("pk", flat=True)
    )
    told = [
        row
        for row in rows
        if row.comment is not None
        and (
            row.comment_id in public
            or (row.kind == MailKind.HELD and row.comment.state == State.PENDING)
        )
    ]
    numbers = [row.pk for row in rows]
    kept = [row.pk for row in told]
    Delivery.objects.filter(pk__in=set(numbers) - set(kept)).update(
        state=DeliveryState.DROPPED, tokens={}
    )
    wanted = notices.wants_mail(person)
    if told and wanted:
        with translation.override(person.language):
            letter = _digest_letter(person, told)
        deliveries.queue(kind=MailKind.DIGEST, about=_day(start), commenter=person, letter=letter)
    Delivery.objects.filter(pk__in=kept).update(
        state=DeliveryState.SENT if wanted else DeliveryState.DROPPED,
        sent_at=timezone.now() if wanted else None,
        tokens={},
    )


def _digest_letter(person: Commenter, rows: list[Delivery]) -> mail.Letter:
    parts = []
    for row in rows[:50]:
        comment = row.comment
        if comment is None:
            continue
        if row.kind == MailKind.HELD:
            parts.append(held.entry(comment))
            continue
        head = _("%(name)s wrote under “%(title)s”") % {
            "name": mail.display_name(comment.name),
            "title": comment.article.title,
        }
        parts.append(f"{head}:\n{plain_text.words_of(comment)}\n{notices.page_of(comment)}")
    more = len(rows) - len(parts)
    if more:
        parts.append(ngettext("And %s more.", "And %s more.", more) % intcomma(more))
    count = ngettext(
        "%(count)s new comment on %(site)s", "%(count)s new comments on %(site)s", len(rows)
    )
    stop = notices.stop_url(person, None)
    return mail.Letter(
        subject=count % {"count": intcomma(len(rows)), "site": site_settings().title},
        paragraphs=tuple(parts),
        note_links=notices.ways_out(person, None),
        headers={
            "List-Unsubscribe": in_brackets(stop),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def follow(
    *,
    commenter: Commenter,
    article: Article,
    comment: Comment | None = None,
    pace: Pace | None = None,
) -> Subscription:
    """Subscribe the person, who asked for it, to an article or a comment; idempotent.

    Without `pace` it comes at once, or as it did before. Who wanted no more mail wants it again.
    """
    commenter_said_no = Commenter.objects.filter(pk=commenter.pk, muted=True)
    commenter_said_no.update(muted=False)
    found, is_new = Subscription.objects.get_or_create(
        commenter=commenter,
        article=article,
        comment=comment,
        defaults={"pace": pace or Pace.ONCE},
    )
    if not is_new and pace is not None and found.pace != pace:
        found.pace = pace
        found.save(update_fields=["pace"])
    return found


def followed(
    *, commenter: Commenter, article: Article, comment: Comment | None = None
) -> Subscription | None:
    """How the person follows that article, or that comment; None when they do not."""
    return Subscription.objects.filter(
        commenter=commenter, article=article, comment=comment
    ).first()


def stop(*, commenter: Commenter, subscription: int) -> None:
    """End a subscription, or with 0 all mail about comments; idempotent."""
    if subscription:
        Subscription.objects.filter(pk=subscription, commenter=commenter).delete()
    else:
        Commenter.objects.filter(pk=commenter.pk).update(muted=True)


def pace_set(*, commenter: Commenter, pace: Pace, subscription: int = 0) -> None:
    """Set how often the person gets mail: about what they follow there, or with 0 about all."""
    if subscription:
        own = Subscription.objects.filter(pk=subscription, commenter=commenter)
        own.update(pace=pace)
    else:
        Commenter.objects.filter(pk=commenter.pk).update(pace=pace)


def follow_request(
    *,
    email: str,
    language: str,
    article: Article,
    comment: Comment | None,
    pace: Pace = Pace.ONCE,
) -> None:
    """Mail a link to follow with, as often as `authors.limits` lets a mailbox; says nothing."""
    try:
        with transaction.atomic():
            person, _new = Commenter.objects.get_or_create(
                email=folded(email), defaults={"name": "", "language": language}
            )
    except IntegrityError:
        return
    ask(person=person, article=article, comment=comment, pace=pace)


def ask(
    *, person: Commenter, article: Article, comment: Comment | None, pace: Pace = Pace.ONCE
) -> None:
    """As `follow_request`, for an address that is a person of the conversation already."""
    if bans.is_blocked(person) or person.bounced_at is not None:
        return
    if not limits.allows(limits.Use("mailbox", f"follow {mailbox(person.email or '')}")):
        return
    with transaction.atomic():
        url = notices.follow_url(person, article, comment, pace)
        notices.ask_to_follow(person, url, article.title)
