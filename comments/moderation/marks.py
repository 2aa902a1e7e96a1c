"""Marks on comments by authors: "featured" and "credited"."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from authors.models import User
from comments.models import Action, Comment, ModerationEvent, Signal, SignalKind, State
from comments.notifications import notices
from comments.thread import fragments
from comments.thread.counters import lock_thread, visibility_changed
from comments.thread.refusals import StateConflict


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
