"""The mail that confirms a comment, once more or to another address, for the writer who waits."""

from __future__ import annotations

from django.db import transaction

from authors import limits
from comments.commenters import status
from comments.models import (
    Action,
    Comment,
    Commenter,
    ModerationEvent,
    Signal,
    SignalKind,
    State,
    log_signals,
)
from comments.notifications import confirming
from comments.screening import bans
from comments.thread.counters import lock_thread
from comments.thread.refusals import Reason, Refused
from core.addresses import folded


def is_possible(comment: Comment) -> bool:
    """Whether the mail that confirms `comment` is still of use; one query."""
    return status.is_unconfirmed(comment, list(comment.events.all()))


def confirmation_resend(*, comment: Comment, email: str = "", client: bytes | None) -> None:
    """Mail the link that confirms `comment` again, to `email` when given instead of its address.

    The old link ends with the old address. Nothing is sent once nothing is missing, to a mailbox
    that had enough mails, or to a blocked one: the caller says the same of every address. Raises
    `Refused`: RATE when the mail of this comment was asked for too often, BANNED as for a new
    comment. Locks the comments above it. Raises KeyError when the comment is gone.
    """
    if email:
        ban = bans.ban_for(email=email, client=client)
        if ban is not None:
            raise Refused(Reason.BANNED, bans.message(ban, known=False))
    try:
        limits.take(limits.Use("confirm-comment", str(comment.pk)))
    except limits.TooMany as refusal:
        raise Refused(Reason.RATE, refusal.told, wait=refusal.wait) from refusal
    with transaction.atomic():
        row = lock_thread(comment)
        if not is_possible(row):
            return
        follow = confirming.withdraw(row)
        if email and row.commenter is not None and folded(email) != row.commenter.email:
            _give_to(row, email)
        if row.state == State.PENDING:
            confirming.ask_to_confirm(row, follow=follow)


def _give_to(row: Comment, email: str) -> None:
    """Let the reader of `email` be who confirms the comment; refuse it when that is blocked."""
    made = {"name": row.name, "website": row.website, "language": row.article.language}
    row.commenter = Commenter.objects.get_or_create(email=folded(email), defaults=made)[0]
    if bans.is_blocked(row.commenter):
        row.state = State.REJECTED
        held = log_signals.stored((Signal(SignalKind.BLOCKED),))
        ModerationEvent.objects.create(comment=row, action=Action.HELD, signals=held)
    row.save(update_fields=["commenter", "state"])
