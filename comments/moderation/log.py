"""Append-only moderation log, enforced by the database.

A line is deleted with its comment and loses its actor with the account, by foreign keys. All other
changes go through `opened`: the erasure of a person, and the demo, whose history is made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from comments.models import (
    Appeal,
    Comment,
    ModerationEvent,
    Outcome,
    Signal,
    SignalKind,
    log_signals,
)


@contextmanager
def opened() -> Iterator[None]:
    """Context in which lines may change, within the current transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL weerwoord.log = 'open'")
        yield
        cursor.execute("SET LOCAL weerwoord.log = ''")


def words_erase(*, comment: Comment, ready: Collection[str]) -> None:
    """Take out of the log whatever may say something of the writer of `comment`: reasons but those
    that are `ready` for everybody, their appeal and the answer to it, words that held the comment.

    Who decided what, and when, stays.
    """
    with opened():
        for event in ModerationEvent.objects.filter(comment=comment):
            ModerationEvent.objects.filter(pk=event.pk).update(
                reason=event.reason if event.reason in ready else "",
                signals=log_signals.stored(map(_bare, event.spoke_for_it)),
                before={name: event.before[name] for name in ("ban",) if name in event.before},
            )
    appeals = Appeal.objects.filter(comment=comment)
    # Nobody can decide any more about what has no words.
    still_open = appeals.filter(outcome=Outcome.OPEN)
    still_open.update(outcome=Outcome.DISMISSED, decided_at=timezone.now())
    appeals.update(text="", answer="")


def _bare(signal: Signal) -> Signal:
    """A signal without words of the comment: of a score what it came from, of a rule all."""
    if signal.kind in (SignalKind.RULE, SignalKind.OTHER):
        return Signal(signal.kind, "–")
    return Signal(signal.kind, signal.detail.partition(" (")[0])
