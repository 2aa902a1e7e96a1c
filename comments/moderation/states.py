"""Services that change the state of comments; one transaction each, the article locked last."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from authors.models import User
from comments.models import (
    Action,
    Appeal,
    Comment,
    Commenter,
    HeldMail,
    Lesson,
    ModerationEvent,
    Origin,
    Outcome,
    Report,
    Signal,
    State,
    Trust,
    log_signals,
)
from comments.notifications import notices
from comments.screening import learning
from comments.thread import fragments
from comments.thread.counters import lock_thread, visibility_changed
from comments.thread.refusals import StateConflict


def comment_approve(*, comment: Comment, actor: User | None) -> ModerationEvent:
    """Approve a pending, refused or removed comment; its writer is known from then on.

    Raises `StateConflict` when it is shown already or its writer deleted it.
    """
    allowed = (State.PENDING, State.REJECTED, State.SPAM, State.REMOVED)
    with transaction.atomic():
        row = lock_thread(comment)
        if row.state not in allowed:
            raise StateConflict(row)
        new = Commenter.objects.filter(comments=row, trust=Trust.NEW).update(trust=Trust.KNOWN)
        known = {"trust": Trust.NEW.value} if new else {}
        return decide(comment, actor, State.APPROVED, Action.APPROVED, "", allowed, before=known)


def comment_reject(*, comment: Comment, actor: User | None, reason: str = "") -> ModerationEvent:
    """Refuse a pending comment. Raises `StateConflict` when it is not pending any more."""
    return decide(
        comment, actor, State.REJECTED, Action.REJECTED, reason, (State.PENDING, State.SPAM)
    )


def comment_spam(*, comment: Comment, actor: User | None) -> ModerationEvent:
    """Mark as spam; a shown comment disappears, its replies keep their place."""
    return decide(
        comment,
        actor,
        State.SPAM,
        Action.SPAM,
        "",
        (State.PENDING, State.APPROVED, State.REJECTED),
    )


def comment_remove(*, comment: Comment, actor: User | None, reason: str) -> ModerationEvent:
    """Put a tombstone with the reason in the place of a shown comment."""
    return decide(comment, actor, State.REMOVED, Action.REMOVED, reason, (State.APPROVED,))


def comment_delete(
    *, comment: Comment, actor: User | None = None, seems_to_wait: bool = False
) -> ModerationEvent:
    """The writer takes the comment back; a tombstone keeps its replies in place.

    With `seems_to_wait` one that was refused because of its address too
    (`comments.commenters.status.known_state`).
    """
    states = (State.PENDING, State.APPROVED, *([State.REJECTED] if seems_to_wait else ()))
    return decide(comment, actor, State.DELETED, Action.DELETED, "", states)


@transaction.atomic
def decide(
    comment: Comment,
    actor: User | None,
    state: State,
    action: Action,
    reason: str,
    allowed: tuple[State, ...],
    held_by: tuple[Signal, ...] = (),
    before: dict[str, Any] | None = None,
) -> ModerationEvent:
    """Set the state of `comment`, with counters, fragment and a log line.

    A person's decision closes the readers' reports on it, and is what the spam filter learns from;
    what takes the comment away without one ends them too.
    `before` holds what else taking it back restores.

    Locks the comments above it, then the article. Raises `StateConflict` unless the comment is
    in one of the `allowed` states at that moment.
    """
    row = lock_thread(comment)
    if row.state not in allowed:
        raise StateConflict(row)
    before = dict(before or {})
    if actor is not None:
        before |= {"state": row.state, "reason": row.reason, **_closed_by_decision(row, state)}
    elif state not in (State.PENDING, State.APPROVED):
        reports_close(row, Outcome.GONE)
    if held_by:
        row.hold_for(held_by)
    turn(row, state, reason, to_tell=state == State.APPROVED or bool(held_by))
    comment.state, comment.shown, comment.reason = row.state, row.shown, row.reason
    event = ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=action,
        reason=reason[:300],
        signals=log_signals.stored(held_by),
        before=before,
    )
    if actor is not None:
        if event.action in notices.TOLD:
            notices.tell_decided(row, event)
        # The filter last, as it locks its words.
        _teach(row)
    return event


def turn(row: Comment, state: State, reason: str, *, to_tell: bool) -> None:
    """Bring a locked comment into `state`, with its fragment and the counters above it.

    The caller holds the locks of `lock_thread` and writes the log.
    """
    was_shown, was_counted = row.shown, row.state == State.APPROVED
    row.state, row.reason, row.to_tell = state, reason[:300], to_tell
    if row.origin == Origin.MAIL and state != State.PENDING:
        HeldMail.objects.filter(comment=row).delete()
    tombstone = state in (State.REMOVED, State.DELETED) and was_counted
    # What was answered keeps an empty place, or its replies would hang in the air.
    orphaning = state in (State.SPAM, State.PENDING) and row.descendant_count > 0
    row.shown = state == State.APPROVED or tombstone or orphaning
    if row.shown_at is None and was_counted != (state == State.APPROVED):
        # What goes was shown since it was written: should it come back, it is not new.
        row.shown_at = row.created_at if was_counted else timezone.now()
    fragments.refresh(row)
    changed = ("state", "reason", "shown", "shown_at", "to_tell", "held_for", "suspect")
    row.save(update_fields=[*changed, *fragments.FIELDS])
    if row.descendant_count and was_counted != (state == State.APPROVED):
        # Answers say whom they answer while that is to be seen: they are made anew when next read.
        Comment.objects.filter(parent=row).update(fragment_release="")
    if row.shown or was_shown:
        visibility_changed(row, by=int(state == State.APPROVED) - int(was_counted))


def _closed_by_decision(row: Comment, state: State) -> dict[str, Any]:
    """End what a person's decision settles: reports, and an appeal that was right.

    Gives what to know when the decision is taken back.
    """
    lesson = Lesson.objects.filter(comment=row).values_list("spam", flat=True).first()
    settled: dict[str, Any] = {"lesson": lesson}
    if state != State.PENDING:
        settled["reports"] = reports_close(row, _outcome(state))
    if state == State.APPROVED:
        appeal = Appeal.objects.filter(comment=row, outcome=Outcome.OPEN)
        settled["appeal"] = appeal.values_list("pk", flat=True).first()
        appeal.update(outcome=Outcome.UPHELD, decided_at=timezone.now())
    return settled


def _outcome(state: State) -> Outcome:
    """What a person's decision says of the reports; the writer's own says nothing."""
    if state == State.DELETED:
        return Outcome.GONE
    return Outcome.DISMISSED if state == State.APPROVED else Outcome.UPHELD


def reports_close(comment: Comment, outcome: Outcome, *, with_page: bool = True) -> list[int]:
    """End the open reports on `comment` and tell those who left an address, which is then
    forgotten. Gives their numbers; the caller is in the transaction of the decision.

    A report that the comment was changed by a moderator for was right, though the comment stays.
    Without `with_page` the mail leads nowhere, as the article goes as well.
    """
    open_ones = list(Report.objects.filter(comment=comment, outcome=Outcome.OPEN))
    if not open_ones:
        return []
    by_outcome: dict[Outcome, list[int]] = {}
    for report in open_ones:
        changed = comment.reworded_at is not None and comment.reworded_at > report.created_at
        mended = outcome == Outcome.DISMISSED and changed
        if report.email:
            what = "reworded" if mended else outcome.value
            notices.tell_reporter(comment, report, what, with_page=with_page)
        by_outcome.setdefault(Outcome.UPHELD if mended else outcome, []).append(report.pk)
    for found, numbers in by_outcome.items():
        Report.objects.filter(pk__in=numbers).update(
            outcome=found, decided_at=timezone.now(), email=""
        )
    comment.report_weight = 0
    Comment.objects.filter(pk=comment.pk).update(report_weight=0)
    return [report.pk for report in open_ones]


def _teach(comment: Comment) -> None:
    if comment.state in (State.APPROVED, State.SPAM):
        learning.learn(comment, is_spam=comment.state == State.SPAM)
    elif comment.state == State.PENDING:
        learning.forget(comment)
