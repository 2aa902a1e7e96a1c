"""What writers may do with their own comments, with a link instead of an account."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blog.models import Hold, SiteSettings
from comments import erasures, fragments, log, markup, notices, screening, spam
from comments.counters import lock_thread, visibility_changed
from comments.models import (
    Action,
    Appeal,
    Ban,
    Comment,
    Commenter,
    Edit,
    ModerationEvent,
    State,
    Trust,
)
from comments.services import Refused, StateConflict, decide
from core.mail import shown

# What other apps keep of a person, by its name in the export; they put theirs here. It is bound to
# the person's row and goes with it.
EXPORTS: dict[str, Callable[[Commenter], Any]] = {}


def editable_until(comment: Comment, site: SiteSettings) -> datetime.datetime | None:
    """Until when the writer may change the words; None when not (any more).

    While everybody's comments are read first, an approved text is not to change afterwards; nor
    what a moderator has changed.
    """
    if comment.state not in (State.PENDING, State.APPROVED) or not site.edit_minutes:
        return None
    if comment.reworded_at is not None:
        return None
    hold = comment.article.hold or site.hold
    if comment.state == State.APPROVED and hold == Hold.EVERYONE and not comment.author_id:
        return None
    end = comment.created_at + datetime.timedelta(minutes=site.edit_minutes)
    return end if end > timezone.now() else None


@transaction.atomic
def comment_edit(*, comment: Comment, source: str, site: SiteSettings) -> Comment:
    """Give the comment other words and keep the earlier ones; gives the row as it now is.

    `source` has been through `markup.clean_source`. Locks the comments above it, then the
    article. Raises `Refused("late")` when its time is over or it is gone, `Refused("rule", words)`
    for words that a rule does not take, `Refused("held", signals)` when a shown comment would have
    to wait with them.
    """
    row = lock_thread(comment)
    if editable_until(row, site) is None:
        raise Refused("late")
    if source == row.source:
        return row
    _screen(row, source, site)
    Edit.objects.create(comment=row, source=row.source)
    row.source, row.html, row.edited_at = source, markup.render(source), timezone.now()
    fragments.refresh(row)
    row.save(update_fields=["source", "html", "edited_at", *fragments.FIELDS])
    ModerationEvent.objects.create(comment=row, action=Action.EDITED)
    if row.shown:
        visibility_changed(row, by=0)
    return row


def _screen(comment: Comment, source: str, site: SiteSettings) -> None:
    """Look at a guest's other words as at new ones: what came in must not turn into spam."""
    if comment.author_id or comment.by_moderator:
        return
    facts = spam.Facts(text=source, name=comment.name, website=comment.website)
    screened = screening.screen(facts, site)
    if screened.refused is not None:
        raise Refused("rule", screened.refused)
    if screened.signals and comment.state == State.APPROVED:
        raise Refused("held", ", ".join(screened.signals))
    if screened.signals:
        ModerationEvent.objects.create(
            comment=comment, action=Action.HELD, signals=list(screened.signals)
        )


def commenter_confirm(*, commenter: Commenter) -> list[Comment]:
    """The address is read by its writer: she is known, and what waited for that alone shows.

    Gives the comments that show now. Each is a transaction of its own: broken off, the same link
    goes on with it.
    """
    same = Commenter.objects.filter(pk=commenter.pk)
    same.filter(confirmed_at=None).update(confirmed_at=timezone.now())
    same.filter(trust=Trust.NEW).update(trust=Trust.KNOWN)
    if same.filter(trust=Trust.BLOCKED).exists():
        return []
    waiting = Comment.objects.filter(commenter=commenter, state=State.PENDING).order_by("id")
    shown = []
    for comment in waiting.prefetch_related("events"):
        signals = {word for event in comment.events.all() for word in event.signals}
        # Without signals it came from another site, and waited there for a reason of its own.
        if signals and signals <= {"first comment", "flood"}:
            with contextlib.suppress(StateConflict):  # A moderator was first.
                decide(comment, None, State.APPROVED, Action.CONFIRMED, "", (State.PENDING,))
                shown.append(comment)
    return shown


def commenter_mute(*, commenter: Commenter, muted: bool) -> None:
    """Store whether the person wants mail about her comments."""
    Commenter.objects.filter(pk=commenter.pk).update(muted=muted)


def mine_request(*, email: str) -> None:
    """Mail the own page's address to `email` if anything was written with it; says nothing."""
    commenter = Commenter.objects.filter(email=email.strip().lower(), user=None).first()
    if commenter is not None:
        with transaction.atomic():
            notices.send_mine(commenter)


def commenter_export(commenter: Commenter) -> dict[str, Any]:
    """Everything that is kept of the person, in plain values for JSON."""
    comments = commenter.comments.select_related("article").prefetch_related("edits")
    return {
        "site": settings.SITE_URL,
        "made": timezone.now().isoformat(timespec="seconds"),
        "person": {
            "name": commenter.name,
            "email": commenter.email,
            "website": commenter.website,
            "language": commenter.language,
            "first_seen": commenter.created_at.isoformat(timespec="seconds"),
            "address_confirmed": commenter.confirmed_at
            and commenter.confirmed_at.isoformat(timespec="seconds"),
            "no_mail": commenter.muted,
        },
        "comments": [
            {
                "article": comment.article.title,
                "url": f"{settings.SITE_URL}{comment.get_absolute_url()}",
                "in_reply_to": comment.parent_id,
                "id": comment.pk,
                "name": comment.name,
                "website": comment.website,
                "text": comment.source,
                "state": comment.state,
                "reason": comment.reason,
                "written": comment.created_at.isoformat(timespec="seconds"),
                "edited": comment.edited_at and comment.edited_at.isoformat(timespec="seconds"),
                "earlier_texts": [edit.source for edit in comment.edits.all()],
            }
            for comment in comments.order_by("id")
        ],
        "followed": [
            {
                "article": one.article.title,
                "comment": one.comment_id,
                "since": one.created_at.isoformat(timespec="seconds"),
            }
            for one in commenter.subscriptions.select_related("article").order_by("id")
        ],
        "appeals": [
            {
                "comment": one.comment_id,
                "text": one.text,
                "outcome": one.outcome,
                "answer": one.answer,
                "made": one.created_at.isoformat(timespec="seconds"),
            }
            for one in Appeal.objects.filter(comment__commenter=commenter).order_by("id")
        ],
        "bans": [
            {
                "reason": one.reason,
                "until": one.until and one.until.isoformat(timespec="seconds"),
                "made": one.created_at.isoformat(timespec="seconds"),
            }
            for one in commenter.bans.order_by("id")
        ],
        "mails": [
            {
                "subject": mail.subject,
                "text": shown(mail.body),
                "made": mail.created_at.isoformat(timespec="seconds"),
            }
            for mail in commenter.deliveries.order_by("id")
        ],
        **{name: export(commenter) for name, export in EXPORTS.items()},
    }


def commenter_erase(*, commenter: Commenter) -> int:
    """Forget the person: every comment becomes an empty tombstone, its words and history go.

    Replies of others keep their place. Gives the number of comments. Each comment is a
    transaction of its own, the person goes last: broken off, it can be done again.
    """
    erasures.note("commenter", commenter.pk, commenter.created_at)
    return _forget(commenter)


def erasures_repeat() -> int:
    """Erase again whom a restored copy brought back; gives their number."""
    noted = erasures.noted()
    if not noted:
        return 0
    back = [
        commenter
        for commenter in Commenter.objects.order_by("pk").iterator(2000)
        if erasures.digest("commenter", commenter.pk, commenter.created_at) in noted
    ]
    for commenter in back:
        _forget(commenter)
    return len(back)


def _forget(commenter: Commenter) -> int:
    rows = list(Comment.objects.filter(commenter=commenter).order_by("id"))
    for comment in rows:
        _erase(comment)
    # A ban outlives the person's wish to be forgotten, by the address, until it ends.
    lasting = Ban.objects.filter(commenter=commenter).filter(
        Q(until=None) | Q(until__gt=timezone.now())
    )
    lasting.exclude(email="", commenter__email=None).update(
        email=commenter.email or "", commenter=None
    )
    Commenter.objects.filter(pk=commenter.pk).delete()
    return len(rows)


@transaction.atomic
def _erase(comment: Comment) -> None:
    row = lock_thread(comment)
    # Answers to it say whom they answer; locked before the article is.
    replies = list(Comment.objects.filter(parent=row).order_by("path").select_for_update())
    row.edits.all().delete()
    log.words_erase(comment=row)
    row.name, row.website, row.source, row.html, row.client = "–", "", "", "", None
    row.featured_at = row.credited_at = None
    fields = ("name", "website", "source", "html", "client", "featured_at", "credited_at")
    fragments.refresh(row)
    row.save(update_fields=[*fields, *fragments.FIELDS])
    for reply in replies:
        reply.parent = row
        fragments.refresh(reply)
        reply.save(update_fields=list(fragments.FIELDS))
    living = (State.PENDING, State.APPROVED)
    if row.state in living:
        decide(row, None, State.DELETED, Action.DELETED, "", living)
    elif row.shown:
        visibility_changed(row, by=0)
