"""Edits of comments by moderators."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from authors.models import User
from comments.models import Action, Comment, Edit, ModerationEvent, State
from comments.notifications import notices
from comments.thread import fragments, markup
from comments.thread.counters import lock_thread, visibility_changed
from comments.thread.refusals import StateConflict
from core.language import language_of


@transaction.atomic
def comment_reword(
    *, comment: Comment, actor: User, source: str, reason: str = ""
) -> ModerationEvent:
    """Replace the text of a pending or visible comment by `source`; the earlier text is stored.

    Readers see that a moderator changed it, its writer hears it and can change it no more.
    `source` has been through `markup.clean_source`; what `markup.render` raises goes on. Raises
    `StateConflict` for a comment in another state. Locks the comments above it, then the article.
    """
    row = lock_thread(comment)
    if row.state not in (State.PENDING, State.APPROVED):
        raise StateConflict(row)
    before = row.reworded_at
    edit = words_set(row, source)
    row.reworded_at = timezone.now()
    words_save(row)
    event = ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=Action.REWORDED,
        reason=reason[:300],
        before={"edit": edit.pk, "reworded_at": before and before.isoformat()},
    )
    notices.tell_decided(row, event)
    return event


def words_set(row: Comment, source: str) -> Edit:
    """Put `source` in the place of the words of a locked row, which are kept; not saved."""
    edit = Edit.objects.create(comment=row, source=row.source)
    row.source, row.html = source, str(markup.render(source))
    row.language = language_of(source, row.language)
    return edit


def words_save(row: Comment) -> None:
    """Save the words of a locked row, with its fragment and the thread's version."""
    fragments.refresh(row)
    row.save(update_fields=["source", "html", "language", "reworded_at", *fragments.FIELDS])
    if row.shown:
        visibility_changed(row, by=0)
