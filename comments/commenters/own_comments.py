"""Services for writers without an account: edit, delete, confirm, appeal, export."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from authors import accounts, erasures, limits
from blog.models import Hold, SiteSettings
from comments.commenters import forgetting, giving, status
from comments.models import (
    Action,
    Comment,
    Commenter,
    Edit,
    ModerationEvent,
    State,
    Trust,
    log_signals,
)
from comments.moderation import reports
from comments.moderation.states import comment_delete, decide
from comments.notifications import following, notices
from comments.screening import screen
from comments.screening.contribution import Contribution
from comments.screening.reasons import CONFIRMABLE
from comments.thread import fragments, markup
from comments.thread.counters import lock_thread, visibility_changed
from comments.thread.refusals import Reason, Refused, StateConflict
from core.addresses import folded, mailbox
from core.language import language_of


def editable_until(comment: Comment, site: SiteSettings) -> datetime.datetime | None:
    """Until when the writer may change the words; None when not (any more).

    While everybody's comments are read first, an approved text is not to change afterwards; nor
    what a moderator has changed.
    """
    if not (comment.state == State.APPROVED or _waits(comment)) or not site.edit_minutes:
        return None
    if comment.reworded_at is not None:
        return None
    hold = comment.article.hold or site.hold
    if comment.state == State.APPROVED and hold == Hold.EVERYONE and not comment.author_id:
        return None
    end = comment.created_at + datetime.timedelta(minutes=site.edit_minutes)
    return end if end > timezone.now() else None


def _waits(comment: Comment) -> bool:
    """Whether it waits, as far as its writer may know; a query for one that was refused."""
    if comment.state != State.REJECTED:
        return comment.state == State.PENDING
    return status.known_state(comment, list(comment.events.all())) == State.PENDING


def digest(comment: Comment) -> str:
    """Digest of the displayed text and name of a comment."""
    shown = "\0".join((comment.name, comment.website, comment.source))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def is_confirmed(comment: Comment) -> bool:
    """Whether the reader of its address said that the comment is theirs; one query."""
    return comment.events.filter(action=Action.CONFIRMED).exists()


def _own(comment: Comment, *, surely: bool) -> None:
    """Raise `Refused` (UNPROVEN) for what a confirmed comment bears from its writer alone."""
    if not surely and is_confirmed(comment):
        raise Refused(Reason.UNPROVEN)


@transaction.atomic
def comment_edit(
    *, comment: Comment, source: str, site: SiteSettings, surely: bool = True
) -> Comment:
    """Give the comment other words and keep the earlier ones; gives the row as it now is.

    `surely` says whether the asker is known to read the comment's address
    (`access.speaks_for_writer`); who is not raises `Refused` (UNPROVEN) once the reader of the
    address has confirmed the comment.

    `source` has been through `markup.clean_source`. Locks the comments above it, then the
    article. Raises `Refused`: LATE when its time is over or it is gone, RULE for words that a
    rule does not take, HELD when a shown comment would have to wait with them.
    """
    row = lock_thread(comment)
    if editable_until(row, site) is None:
        raise Refused(Reason.LATE)
    _own(row, surely=surely)
    if source == row.source:
        return row
    _screen(row, source, site)
    Edit.objects.create(comment=row, source=row.source)
    row.source, row.html, row.edited_at = source, markup.render(source), timezone.now()
    row.language = language_of(source, row.language)
    fragments.refresh(row)
    changed = ("source", "html", "language", "edited_at", "score", "held_for", "suspect")
    row.save(update_fields=[*changed, *fragments.FIELDS])
    ModerationEvent.objects.create(comment=row, action=Action.EDITED)
    if row.shown:
        visibility_changed(row, by=0)
    return row


@transaction.atomic
def comment_take_back(*, comment: Comment, surely: bool) -> None:
    """Delete the comment for its writer; one that is gone already is fine.

    `surely` as for `comment_edit`, with the same refusal. Locks the comments above it, then the
    article.
    """
    try:
        row = lock_thread(comment)
        _own(row, surely=surely)
        comment_delete(comment=comment, seems_to_wait=_waits(row))
    except (KeyError, StateConflict):
        pass  # It was deleted, refused or removed before: gone is what was wanted.


@transaction.atomic
def appeal(*, comment: Comment, text: str, surely: bool) -> None:
    """Store the writer's word against a decision; `surely` as for `comment_edit`.

    Raises `Refused` (UNPROVEN), and what `reports.appeal_make` does.
    """
    _own(comment, surely=surely)
    reports.appeal_make(comment=comment, text=text)


def _screen(comment: Comment, source: str, site: SiteSettings) -> None:
    """Look at a guest's other words as at new ones: what came in must not turn into spam."""
    if comment.author_id or comment.by_moderator:
        return
    facts = Contribution(text=source, name=comment.name, website=comment.website)
    screened = screen.screen(facts, site)
    if screened.refused is not None:
        raise Refused(Reason.RULE, words=screened.refused)
    if screened.signals and comment.state == State.APPROVED:
        raise Refused(Reason.HELD)
    comment.score = screened.score
    if screened.signals:
        comment.hold_for(screened.signals)
        ModerationEvent.objects.create(
            comment=comment, action=Action.HELD, signals=log_signals.stored(screened.signals)
        )


def address_confirm(*, commenter: Commenter) -> None:
    """Store that the address is read by who asked for mail to it; nothing else comes of it."""
    same = Commenter.objects.filter(pk=commenter.pk, confirmed_at=None)
    same.update(confirmed_at=timezone.now())


def waits_for_address(comment: Comment) -> bool:
    """Whether nothing but the click of its address's reader is missing for it to show."""
    if comment.state != State.PENDING:
        return False
    held = {one.kind for one in log_signals.of_holding(comment.events.all())}
    # Without signals it came from another site, and waited there for a reason of its own.
    return bool(held) and held <= CONFIRMABLE


@transaction.atomic
def comment_confirm(*, comment: Comment, seen: str, follow: bool = False) -> Comment | None:
    """Confirm `comment` for the owner of its address; it is published if only that was missing.

    `seen` is the `digest` of the text that was shown. Raises `Refused` (CHANGED) when the comment
    was changed since: nothing is stored then. From here on an unproved address changes it no
    more (`comment_edit`).

    Gives the comment as it now is, or None when there is nothing to confirm (any more), or the
    person is blocked: then nothing is stored. With `follow` they follow its article. No other
    comment changes: who types an address does not speak for the one who reads it. The person gets
    the comment's name unless they confirmed another one before. Locks the comments above it, then
    the person, then the article. Raises KeyError when the comment is gone.
    """
    row = lock_thread(comment)
    person = Commenter.objects.select_for_update().filter(comments=row).first()
    if person is None or person.trust == Trust.BLOCKED:
        return None
    # Given to another address while this one's reader looked at it.
    if person.pk != comment.commenter_id:
        return None
    if row.state not in (State.PENDING, State.APPROVED):
        return None
    if seen != digest(row):
        raise Refused(Reason.CHANGED)
    if person.confirmed_at is None or person.trust == Trust.NEW or not person.name:
        person.name, person.website = row.name[:60], row.website
    person.confirmed_at = person.confirmed_at or timezone.now()
    person.trust = Trust.KNOWN if person.trust == Trust.NEW else person.trust
    person.save(update_fields=["name", "website", "confirmed_at", "trust"])
    if follow:
        following.follow(commenter=person, article=row.article)
    if waits_for_address(row):
        decide(row, None, State.APPROVED, Action.CONFIRMED, "", (State.PENDING,))
    elif not is_confirmed(row):
        ModerationEvent.objects.create(comment=row, action=Action.CONFIRMED)
    return row


def trust_set(*, commenter: Commenter, trust: Trust) -> None:
    """Store how far the person is known; less trust ends what their confirmed browsers may do."""
    same = Commenter.objects.filter(pk=commenter.pk)
    same.update(trust=trust)
    if trust in (Trust.NEW, Trust.BLOCKED):
        same.update(proof_number=F("proof_number") + 1)


def commenter_mute(*, commenter: Commenter, muted: bool) -> None:
    """Store whether the person wants mail about their comments."""
    Commenter.objects.filter(pk=commenter.pk).update(muted=muted)


def mine_request(*, email: str) -> None:
    """Let the worker mail the own page's address to `email`, as often as `authors.limits` lets a
    mailbox. The same work for every address: neither answer nor time says whether it is known."""
    if limits.allows(limits.Use("mailbox", f"mine {mailbox(email)}")):
        mine_send.enqueue(email)


@task()
def mine_send(email: str) -> None:
    """Mail the own page's address to `email` if anything was written with it."""
    commenter = Commenter.objects.filter(email=folded(email), user=None).first()
    if commenter is not None:
        with transaction.atomic():
            notices.send_mine(commenter)


def commenter_export(commenter: Commenter) -> dict[str, Any]:
    """Everything that is kept of the person, in plain values for JSON: `giving.PARTS`."""
    return giving.all_of(commenter)


def commenter_erase(*, commenter: Commenter) -> int:
    """Forget the person: every comment becomes an empty tombstone, their words and name go.

    Replies of others keep their place. Gives the number of comments. A person with many is erased
    by the worker; broken off, it goes on there (`forgetting.ask`).
    """
    return forgetting.ask(commenter)


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
        forgetting.forget(commenter)
    return len(back) + accounts.erasures_repeat()
