"""Whole conversations brought in at once, with their own times and states."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from authors.models import Author
from blog.models import Article
from comments import fragments, markup, tree
from comments.counters import recount
from comments.models import Comment, Origin, State


@dataclass(frozen=True)
class ImportedComment:
    """A comment from elsewhere; `key` and `parent` tell the thread, parents come first."""

    key: str
    parent: str | None
    name: str
    source: str
    created_at: datetime.datetime
    author: Author | None = None
    state: State = State.APPROVED
    website: str = ""
    language: str = ""
    reason: str = ""


@transaction.atomic
def thread_import(*, article: Article, items: Sequence[ImportedComment]) -> int:
    """Store `items` under `article` and count them; gives how many there were.

    Raises KeyError when a parent does not come before its replies. Locks nothing but the rows
    that the recount mends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('comments_comment', 'id'))"
            " FROM generate_series(1, %s)",
            [len(items)],
        )
        numbers = sorted(int(row[0]) for row in cursor.fetchall())
    bylines = {link.author_id for link in article.article_authors.all()}
    answered = {item.parent for item in items if item.parent}
    made: dict[str, Comment] = {}
    for number, item in zip(numbers, items, strict=True):
        parent = made[item.parent] if item.parent else None
        path = tree.attach(parent.path if parent else b"", number)
        source = markup.clean_source(item.source)
        tombstone = item.state in (State.DELETED, State.REMOVED) and item.key in answered
        comment = Comment(
            pk=number,
            article=article,
            parent=parent,
            path=path,
            depth=tree.depth_of(path),
            author=item.author,
            by_article_author=item.author is not None and item.author.pk in bylines,
            name=item.name,
            website=item.website,
            source=source,
            html=markup.render(source),
            language=item.language or article.language,
            state=item.state,
            shown=item.state == State.APPROVED or tombstone or item.state == State.REMOVED,
            reason=item.reason,
            article_version=article.version,
            origin=Origin.IMPORT,
            created_at=item.created_at,
        )
        fragments.refresh(comment)
        made[item.key] = comment
    Comment.objects.bulk_create(made.values(), batch_size=500)
    recount()
    return len(made)
