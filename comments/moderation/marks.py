"""Marks on comments: "valuable" by readers, "featured" and "credited" by authors."""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction
from django.utils import timezone

from authors import limits
from authors.models import User
from comments.models import Action, Comment, ModerationEvent, Reaction, Signal, SignalKind, State
from comments.notifications import notices
from comments.thread import fragments
from comments.thread.counters import REACTION_WEIGHT, lock_thread, visibility_changed
from comments.thread.refusals import Reason, Refused, StateConflict


@transaction.atomic
def reaction_set(*, comment: Comment, reader: str, client: bytes | None, valued: bool) -> Comment:
    """Count `reader` (the number in a signed token) among those who value the comment, or not.

    Doing it twice changes nothing. Locks the comments above it, then the article. Raises `Refused`:
    GONE for a comment that is not shown, RATE when its network address has valued this comment as
    often as counts: a number is made by whoever asks for one.
    """
    if valued and client is not None:
        try:
            limits.take(limits.Use("value-comment", client + str(comment.pk).encode()))
        except limits.TooMany as refusal:
            raise Refused(Reason.RATE, refusal.told, wait=refusal.wait) from refusal
    row = lock_thread(comment)
    if row.state != State.APPROVED:
        raise Refused(Reason.GONE)
    digest = hashlib.sha256(reader.encode()).digest()[:16]
    if valued:
        _reaction, changed = Reaction.objects.get_or_create(
            comment=row, reader=digest, defaults={"client": client}
        )
    else:
        changed = bool(Reaction.objects.filter(comment=row, reader=digest).delete()[0])
    if changed:
        by = 1 if valued else -1
        row.reaction_count += by
        row.rank += by * REACTION_WEIGHT
        fragments.refresh(row)
        row.save(update_fields=["reaction_count", "rank", *fragments.FIELDS])
        visibility_changed(row, by=0)
    return row


@transaction.atomic
def comment_feature(*, comment: Comment, actor: User, featured: bool) -> ModerationEvent:
    """Show the comment on top of its conversation too, or no longer. Raises `StateConflict`."""
    row = _shown(comment)
    before, row.featured_at = row.featured_at, timezone.now() if featured else None
    return _mark(row, actor, Action.FEATURED, featured, {"featured_at": before})


@transaction.atomic
def comment_credit(*, comment: Comment, actor: User, credited: bool) -> ModerationEvent:
    """Name the writer under the article as one who improved it, or no longer; tells them once.

    Raises `StateConflict` for a comment that is not shown.
    """
    row = _shown(comment)
    before, row.credited_at = row.credited_at, timezone.now() if credited else None
    if credited:
        notices.tell_credited(row)
    return _mark(row, actor, Action.CREDITED, credited, {"credited_at": before})


def _shown(comment: Comment) -> Comment:
    row = lock_thread(comment)
    if row.state != State.APPROVED:
        raise StateConflict(row)
    return row


def _mark(
    row: Comment, actor: User, action: Action, on: bool, before: dict[str, datetime.datetime | None]
) -> ModerationEvent:
    fragments.refresh(row)
    row.save(update_fields=["featured_at", "credited_at", *fragments.FIELDS])
    visibility_changed(row, by=0)
    return ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=action,
        signals=[] if on else [Signal(SignalKind.ENDED).stored()],
        before={name: moment and moment.isoformat() for name, moment in before.items()},
    )
