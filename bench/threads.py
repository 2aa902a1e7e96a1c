"""Threads of any size, stored in bulk: as posting would leave them, in seconds instead of hours."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blog.models import Article
    from comments.models import Comment

READERS = 40


def grow(article: Article, size: int, *, words: str = "Een gedachte over werk.") -> None:
    """Put `size` comments under `article`, deep and wide, with true paths, counters and markup.

    Three of four answer one of the forty before them. The same size gives the same shape.
    """
    from django.db import connection
    from django.db.models import F
    from django.utils import timezone

    from blog.models import Article as Articles
    from comments.models import Comment, State
    from comments.thread import fragments, markup, tree

    chance = random.Random(size)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('comments_comment', 'id'),"
            " nextval(pg_get_serial_sequence('comments_comment', 'id')) + %s)",
            [size],
        )
        first = cursor.fetchone()[0] - size + 1
    spoken, now = words.split(), timezone.now()
    made: list[Comment] = []
    for turn in range(size):
        answers = turn > 0 and chance.random() < 0.75
        parent = made[chance.randrange(max(0, turn - 40), turn)] if answers else None
        start = chance.randrange(max(1, len(spoken) - 60))
        source = " ".join(spoken[start : start + chance.randrange(10, 60)])
        path = tree.attach(parent.path if parent else b"", first + turn)
        comment = Comment(
            pk=first + turn,
            article=article,
            parent=parent,
            path=path,
            depth=tree.depth_of(path),
            name=f"Lezer {turn % READERS}",
            source=source,
            html=f"<p>{source}</p>\n" if turn >= READERS else markup.render(source),
            language=article.language,
            state=State.APPROVED,
            shown=True,
            created_at=now + timedelta(seconds=turn),
        )
        if turn < READERS:
            fragments.refresh(comment)
        else:
            _dress(comment, made[turn % READERS])
        made.append(comment)
    numbers = {comment.pk: comment for comment in made}
    for comment in made:
        for above in tree.ids_of(comment.path)[:-1]:
            numbers[above].descendant_count += 1
            numbers[above].rank += 1
    Comment.objects.bulk_create(made, batch_size=2_000)
    Articles.objects.filter(pk=article.pk).update(
        comment_count=size, thread_version=F("thread_version") + 1
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")


def _dress(comment: Comment, like: Comment) -> None:
    """The markup of another comment of the same reader, with the number and words of this one."""
    said = like.fragment.replace(f"comment-{like.pk}", f"comment-{comment.pk}")
    said = said.replace(f"comment/{like.pk}/", f"comment/{comment.pk}/")
    said = said.replace(f"?to={like.pk}", f"?to={comment.pk}")
    comment.fragment = said.replace(like.html, comment.html)
    comment.fragment_release = like.fragment_release
