"""Status of a comment for its writer: why it is pending, decisions, possible steps.

Every page and answer that tells a writer how a comment stands takes its sentences from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments.models import (
    Action,
    Appeal,
    Comment,
    ModerationEvent,
    SignalKind,
    State,
    log_signals,
)
from comments.moderation.reports import APPEALABLE
from comments.screening.reasons import CONFIRMABLE
from comments.thread.fragments import OwnNote

_DECISIONS = (Action.REJECTED, Action.SPAM, Action.REMOVED)


@dataclass(frozen=True)
class CommentStatus:
    """For the writer's page."""

    # As its writer may know it: that of a blocked address reads as for anybody else.
    state: State
    # What stands at the comment itself.
    note: OwnNote
    may_appeal: bool = False
    appeal: Appeal | None = None


def status_of(comment: Comment, token: str) -> CommentStatus:
    """The status of `comment` for who brings `token`; at most three queries."""
    events = list(comment.events.all())
    state = known_state(comment, events)
    appeal = Appeal.objects.filter(comment=comment).first()
    return CommentStatus(
        state,
        _note(comment, events, token),
        may_appeal=appeal is None and state in APPEALABLE,
        appeal=appeal,
    )


def received(comment: Comment, token: str) -> OwnNote:
    """What is said right after a comment came in; the same whether its address is known or not.

    One query for one that waits.
    """
    events = [] if comment.state == State.APPROVED else list(comment.events.all())
    return _note(comment, events, token)


def _note(comment: Comment, events: Sequence[ModerationEvent], token: str) -> OwnNote:
    resend = ""
    if is_unconfirmed(comment, events):
        resend = f"{comment.get_absolute_url()}address/?own={token}"
    return OwnNote(lines_of(comment, events), resend)


def is_unconfirmed(comment: Comment, events: Sequence[ModerationEvent]) -> bool:
    """Whether its writer was asked by mail to confirm `comment`, and has not done so."""
    return (
        known_state(comment, events) == State.PENDING
        and bool(_email(comment))
        and not CONFIRMABLE.isdisjoint(_held_kinds(events))
        and not any(event.action == Action.CONFIRMED for event in events)
    )


def lines_of(comment: Comment, events: Sequence[ModerationEvent]) -> tuple[str, ...]:
    """How `comment` stands, in whole sentences; `events` are all of its log, newest first."""
    state = known_state(comment, events)
    if state == State.PENDING:
        return _pending_lines(comment, events)
    if state == State.APPROVED:
        return (_("Your comment is posted."),)
    if state == State.DELETED:
        return ()
    decided = next((event for event in events if event.action in _DECISIONS), None)
    lines = [_("Your comment was not placed."), _decision(state, decided)]
    if comment.reason:
        lines.append(_("Their reason: %s") % comment.reason)
    if decided is not None:
        day = date_format(timezone.localtime(decided.created_at), "j F Y")
        lines.append(_("Decided on %s.") % day)
    return tuple(lines)


def known_state(comment: Comment, events: Sequence[ModerationEvent]) -> State:
    """To type a blocked address does not tell about its owner: that comment seems to wait."""
    state = State(comment.state)
    if state == State.REJECTED and SignalKind.BLOCKED in _held_kinds(events):
        decided = any(event.action in _DECISIONS for event in events)
        return state if decided else State.PENDING
    return state


def _decision(state: State, decided: ModerationEvent | None) -> str:
    if state == State.SPAM:
        if decided is not None and decided.actor_id is not None:
            return _("The editors took it for advertising.")
        return _("It was taken for advertising.")
    if state == State.REMOVED:
        return _("The editors have taken it away.")
    return _("The editors do not show it.")


def _held_kinds(events: Sequence[ModerationEvent]) -> list[SignalKind]:
    return [one.kind for one in log_signals.of_holding(events)]


def _pending_lines(comment: Comment, events: Sequence[ModerationEvent]) -> tuple[str, ...]:
    kinds = [kind for kind in _held_kinds(events) if kind != SignalKind.BLOCKED]
    others = [kind for kind in kinds or [SignalKind.OTHER] if kind not in CONFIRMABLE]
    asked = is_unconfirmed(comment, events)
    if asked and not others:
        # The next step is the writer's, and the last one.
        words = _("We mailed %s: confirm, and your comment appears at once.")
        return (words % masked(comment),)
    lines = [_("Your comment waits.")]
    if asked:
        lines.append(_("We mailed %s: confirm that this comment is yours.") % masked(comment))
    elif not others:
        others = [kind for kind in kinds if kind == SignalKind.FLOOD] or [SignalKind.OTHER]
    lines += [_why(kind) for kind in others]
    return tuple(dict.fromkeys(lines))


def _email(comment: Comment) -> str:
    return (comment.commenter.email or "") if comment.commenter else ""


def masked(comment: Comment) -> str:
    """The address as its writer knows it again, and others do not: p…@lezer.example."""
    local, _at, domain = _email(comment).rpartition("@")
    return f"{local[:1]}…@{domain}"


def _why(kind: SignalKind) -> str:
    """The sentence for a signal, without what exactly matched: spammers would learn it."""
    if kind == SignalKind.EVERYONE:
        return _("The editors read every comment under this article first.")
    if kind == SignalKind.NO_ADDRESS:
        return _("You gave no e-mail address, so the editors read it first.")
    if kind == SignalKind.LINKS:
        return _("It has more links than are shown without a look.")
    if kind == SignalKind.FLOOD:
        return _("Very many comments came in at that moment; strangers' wait then.")
    if kind == SignalKind.REPORTS:
        return _("Readers have asked the editors to look at it.")
    return _("The editors want to read it first.")
