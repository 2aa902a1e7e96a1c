"""Undo of decisions, unless something happened to the comment since."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from authors.models import User
from comments.models import (
    Action,
    Appeal,
    Ban,
    Comment,
    Commenter,
    Edit,
    MailKind,
    ModerationEvent,
    Outcome,
    Report,
    Signal,
    SignalKind,
    State,
    Trust,
)
from comments.moderation import reporters, rewording
from comments.moderation.states import turn
from comments.notifications import deliveries
from comments.screening import learning
from comments.thread import fragments
from comments.thread.counters import lock_thread, visibility_changed
from comments.thread.refusals import StateConflict

# For how long a person can take a decision back.
LIMIT = datetime.timedelta(hours=24)


def undoable(user: User) -> QuerySet[ModerationEvent]:
    """Decisions of `user` that are not undone, the last one first."""
    return (
        ModerationEvent.objects.filter(
            actor=user,
            undone_by=None,
            created_at__gt=timezone.now() - LIMIT,
            comment__in=Comment.objects.moderated_by(user),
        )
        .exclude(before={})
        .order_by("-pk")
    )


def happened_since(event: ModerationEvent) -> ModerationEvent | None:
    """The first thing that stands in the way of taking `event` back: not a reader's report, nor
    what was itself taken back."""
    later = ModerationEvent.objects.filter(comment=event.comment_id, pk__gt=event.pk)
    later = later.filter(undoes=None, undone_by=None).exclude(action=Action.REPORTED)
    return later.select_related("actor").order_by("pk").first()


@transaction.atomic
def decision_undo(*, event: ModerationEvent, actor: User) -> ModerationEvent:
    """Take back a decision of `actor`: the comment, reports, appeal, person and filter are as
    before, mails about it that have not been sent are dropped, the log says so.

    Locks the comments above it, then the article. Raises `StateConflict` when something happened
    since, it was taken back already, or it is not the actor's.
    """
    if event.comment is None:
        raise ValueError("a decision about no comment")
    row = lock_thread(event.comment)
    still = undoable(actor).filter(pk=event.pk).first()
    # What its writer had erased has no words to bring back.
    if still is None or not row.source or happened_since(still) is not None:
        raise StateConflict(row)
    before = still.before
    undone = ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=Action.UNDONE,
        signals=[Signal(SignalKind.DECISION, still.action).stored()],
        undoes=still,
    )
    deliveries.withdraw(MailKind.DECIDED, still.pk)
    _reopen_reports(row, before.get("reports", []))
    if before.get("appeal"):
        Appeal.objects.filter(pk=before["appeal"]).update(
            outcome=Outcome.OPEN, answer="", decided_at=None
        )
    if before.get("ban"):
        Ban.objects.filter(pk=before["ban"]).update(until=timezone.now())
    _restore_marks(row, before)
    if "edit" in before:
        _restore_words(row, before)
    if "trust" in before:
        _restore_trust(row, before["trust"])
    if "state" in before:
        turn(row, State(before["state"]), before["reason"], to_tell=False)
        # The filter last, as it locks its words.
        if before["lesson"] is None:
            learning.forget(row)
        else:
            learning.learn(row, is_spam=before["lesson"])
    return undone


def _reopen_reports(row: Comment, numbers: list[int]) -> None:
    """The readers' addresses come back from the mails that they have not got yet."""
    if not numbers:
        return
    Report.objects.filter(pk__in=numbers).update(outcome=Outcome.OPEN, decided_at=None)
    by_event = {deliveries.event_of(MailKind.REPORT, number): number for number in numbers}
    for unsent in deliveries.withdraw(MailKind.REPORT, *numbers):
        reported = Report.objects.filter(pk=by_event[unsent.event])
        reported.update(email=unsent.commenter.email or "")
    reporters.weigh(row)


def _restore_marks(row: Comment, before: dict[str, str | None]) -> None:
    changed = [name for name in ("featured_at", "credited_at") if name in before]
    if not changed:
        return
    for name in changed:
        setattr(row, name, _moment(before[name]))
    if row.credited_at is None:
        deliveries.withdraw(MailKind.CREDITED, row.pk)
    fragments.refresh(row)
    row.save(update_fields=[*changed, *fragments.FIELDS])
    visibility_changed(row, by=0)


def _restore_words(row: Comment, before: dict[str, str | None]) -> None:
    earlier = Edit.objects.get(pk=int(before["edit"] or 0))
    rewording.words_set(row, earlier.source)
    row.reworded_at = _moment(before["reworded_at"])
    rewording.words_save(row)


def _restore_trust(row: Comment, trust: str) -> None:
    """Known by this decision alone, the person is new again."""
    person = row.commenter
    if person is None or person.comments.filter(state=State.APPROVED).exclude(pk=row.pk).exists():
        return
    Commenter.objects.filter(pk=person.pk, trust=Trust.KNOWN, confirmed_at=None).update(trust=trust)


def _moment(stored: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(stored) if stored else None
