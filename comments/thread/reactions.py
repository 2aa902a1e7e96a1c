"""The quiet reaction of readers to a comment: "valuable"."""

from __future__ import annotations

import hashlib

from django.db import transaction

from authors import limits
from comments.models import Comment, Reaction, State
from comments.thread import fragments
from comments.thread.counters import REACTION_WEIGHT, lock_thread, visibility_changed
from comments.thread.refusals import Reason, Refused


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
