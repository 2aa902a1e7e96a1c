"""The moderation log is only added to, and the database refuses everything else.

A line goes with its comment, and loses its actor with the account, by the database's own keys. What
else must change what was written goes through `opened`: a person's right to be forgotten, and the
demo, whose past is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from comments.models import Action, Appeal, Comment, ModerationEvent


@contextmanager
def opened() -> Iterator[None]:
    """Lines of the log may change in here, in this transaction alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL weerwoord.log = 'open'")
        yield
        cursor.execute("SET LOCAL weerwoord.log = ''")


def words_erase(*, comment: Comment) -> None:
    """Take out of the log what the writer of `comment` said herself: the words of an appeal."""
    with opened():
        ModerationEvent.objects.filter(comment=comment, action=Action.APPEALED).update(reason="")
    Appeal.objects.filter(comment=comment).update(text="")
