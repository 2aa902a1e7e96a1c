"""Status of a comment for its writer: why it is pending, decisions, possible steps."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.models import Action, Appeal, Comment, ModerationEvent, SignalKind, State
from comments.moderation.reports import APPEALABLE
from comments.screening.reasons import CONFIRMABLE

_DECISIONS = (Action.REJECTED, Action.SPAM, Action.REMOVED)


@dataclass(frozen=True)
class CommentStatus:
    """For the writer's page; `lines` are whole sentences."""

    lines: tuple[str, ...]
    reason: str = ""
    decided_at: datetime.datetime | None = None
    may_appeal: bool = False
    appeal: Appeal | None = None


def status_of(comment: Comment) -> CommentStatus:
    """The status of `comment`; at most three queries."""
    events = list(comment.events.all())
    appeal = Appeal.objects.filter(comment=comment).first()
    if comment.state == State.PENDING:
        return CommentStatus(_held_lines(comment, events), appeal=appeal)
    if comment.state not in APPEALABLE:
        return CommentStatus((), appeal=appeal)
    decided = next((event for event in events if event.action in _DECISIONS), None)
    by_person = decided is not None and decided.actor_id is not None
    said = {
        State.REJECTED: _("The editors do not show it."),
        State.SPAM: _("The editors took it for advertising.")
        if by_person
        else _("It was taken for advertising."),
        State.REMOVED: _("The editors have taken it away."),
    }[State(comment.state)]
    return CommentStatus(
        (said,),
        reason=comment.reason,
        decided_at=decided.created_at if decided else None,
        may_appeal=appeal is None,
        appeal=appeal,
    )


def received(comment: Comment) -> str:
    """What is said right after a comment came in; the same whether its address is known or not.

    One query for one that waits.
    """
    if comment.state == State.APPROVED:
        return _("Your comment is posted.")
    lines = _held_lines(comment, list(comment.events.all()))
    return " ".join((_("Your comment waits."), *lines))


def _held_lines(comment: Comment, events: list[ModerationEvent]) -> tuple[str, ...]:
    held = [event.spoke_for_it for event in events if event.action == Action.HELD]
    # Blocked, it reads as for anybody else: to type an address does not tell about its owner.
    kinds = [one.kind for signals in held for one in signals if one.kind != SignalKind.BLOCKED]
    if comment.state == State.SPAM:  # No mail goes out for it.
        kinds = [kind for kind in kinds if kind not in CONFIRMABLE]
    return tuple(dict.fromkeys(_why(kind, comment) for kind in kinds or [SignalKind.OTHER]))


def _masked(comment: Comment) -> str:
    """The address as its writer knows it again, and others do not: p…@lezer.example."""
    email = comment.commenter.email if comment.commenter else ""
    local, _at, domain = (email or "").rpartition("@")
    return f"{local[:1]}…@{domain}"


def _why(kind: SignalKind, comment: Comment) -> str:
    """The sentence for a signal, without what exactly matched: spammers would learn it."""
    if kind == SignalKind.EVERYONE:
        return _("The editors read every comment under this article first.")
    if kind in (SignalKind.FIRST, SignalKind.BROWSER):
        return _(
            "We mailed %s: confirm with the link in it that this comment is yours. No mail? Ask "
            "for a new link with “My comments”."
        ) % _masked(comment)
    if kind == SignalKind.NO_ADDRESS:
        return _("You gave no e-mail address, so the editors read it first.")
    if kind == SignalKind.LINKS:
        return _("It has more links than are shown without a look.")
    if kind == SignalKind.FLOOD:
        return _("Very many comments came in at that moment; strangers' wait then.")
    if kind == SignalKind.REPORTS:
        return _("Readers have asked the editors to look at it.")
    return _("The editors want to read it first.")
