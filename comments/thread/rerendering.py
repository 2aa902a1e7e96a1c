"""Renders the stored markup of comments anew after `comments.thread.markup` makes it otherwise.

Their language is looked at again with it (`core.language`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django_tasks import task

from blog.publishing import conversation_lock
from comments.models import Comment
from comments.thread import markup
from comments.thread.counters import count_many
from core.language import language_of

BATCH: Final = 2_000


@task()
def markup_renew(after: int) -> None:
    """Render the comments with numbers above `after`, one batch, and queue the next.

    A migration queues it with 0 (`comments.0019_markup_anew`). A worker that dies in the middle
    does a batch again, which changes nothing.
    """
    rows = Comment.objects.filter(pk__gt=after).order_by("pk")
    batch = list(rows.values_list("pk", "source", "html", "language")[:BATCH])
    stale = [
        pk
        for pk, source, html, language in batch
        if markup.render(source, bounded=False) != html or language_of(source, language) != language
    ]
    if stale:
        _store(stale)
    if len(batch) == BATCH:
        markup_renew.enqueue(batch[-1][0])


@transaction.atomic
def _store(numbers: Sequence[int]) -> None:
    """Render the comments `numbers` and let their fragments be made anew.

    Locks as every writer: comments from the root down, the articles last.
    """
    conversation_lock.to_write()
    locked = Comment.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    changed = list(locked.order_by("path").only("source", "language", "article_id"))
    for row in changed:
        row.html, row.fragment_release = str(markup.render(row.source, bounded=False)), ""
        row.language = language_of(row.source, row.language)
    Comment.objects.bulk_update(changed, ["html", "language", "fragment_release"], batch_size=500)
    count_many(Counter(dict.fromkeys((row.article_id for row in changed), 0)))
