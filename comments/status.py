"""What the writer of a comment is told of it: why it waits, what was decided, what she can do."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.models import Action, Appeal, Comment, State
from comments.reports import APPEALABLE

_DECISIONS = (Action.REJECTED, Action.SPAM, Action.REMOVED)


@dataclass(frozen=True)
class Status:
    """For the writer's page; `lines` are whole sentences."""

    lines: tuple[str, ...]
    reason: str = ""
    decided_at: datetime.datetime | None = None
    may_appeal: bool = False
    appeal: Appeal | None = None


def status_of(comment: Comment) -> Status:
    """How it stands with `comment`; three queries at the most."""
    events = list(comment.events.all())
    appeal = Appeal.objects.filter(comment=comment).first()
    if comment.state == State.PENDING:
        held = [word for event in events for word in event.signals if event.action == Action.HELD]
        return Status(tuple(dict.fromkeys(map(_why, held))) or (_why(""),), appeal=appeal)
    if comment.state not in APPEALABLE:
        return Status((), appeal=appeal)
    decided = next((event for event in events if event.action in _DECISIONS), None)
    by_person = decided is not None and decided.actor_id is not None
    said = {
        State.REJECTED: _("The editors do not show it."),
        State.SPAM: _("The editors took it for advertising.")
        if by_person
        else _("It was taken for advertising."),
        State.REMOVED: _("The editors have taken it away."),
    }[State(comment.state)]
    return Status(
        (said,),
        reason=comment.reason,
        decided_at=decided.created_at if decided else None,
        may_appeal=appeal is None,
        appeal=appeal,
    )


def _why(signal: str) -> str:
    """The sentence for a signal; what was caught exactly is not told, or spammers learn it."""
    kind = signal.partition(":")[0]
    if kind == "everyone is held":
        return _("The editors read every comment under this article first.")
    if kind == "first comment":
        return _(
            "It is your first comment here. We have mailed you a link: with it you confirm your "
            "address, and your comment needs no more than that."
        )
    if kind == "no e-mail address":
        return _("You gave no e-mail address, so the editors read it first.")
    if kind == "links":
        return _("It has more links than are shown without a look.")
    if kind == "flood":
        return _("Very many comments came in at that moment; strangers' wait then.")
    if kind == "reported":
        return _("Readers have asked the editors to look at it.")
    return _("The editors want to read it first.")
