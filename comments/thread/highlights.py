"""What stands out in a conversation: featured and credited comments, and those of its authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, Q, Value

from blog.models import Article
from comments.models import Comment, State
from comments.models.comment import CommentQuerySet
from comments.thread.access import home_id
from comments.thread.selectors import PAGE, ThreadPage, columns, language_for, row_of

MOST = 10


class Honoured(NamedTuple):
    """What the top of a conversation shows of a comment."""

    pk: int
    name: str
    html: str
    language: str
    reaction_count: int
    featured: bool
    credited: bool


@dataclass(frozen=True)
class Highlights:
    """The featured comments and the credited ones of a conversation, first marked first, and
    whether authors of the article wrote in it."""

    featured: Sequence[Honoured] = field(default_factory=tuple)
    credited: Sequence[Honoured] = field(default_factory=tuple)
    by_author: bool = False


def _of(article: Article) -> CommentQuerySet:
    return Comment.objects.filter(article=home_id(article), state=State.APPROVED)


def highlights(article: Article) -> Highlights:
    """The highlights of the conversation under `article`; one statement.

    Most conversations have none, so what was read is kept for the version of the thread.
    """
    if not article.comment_count:
        return Highlights()
    key = f"highlights:{settings.RELEASE}:{article.pk}:{article.thread_version}"
    found: Highlights | None = cache.get(key)
    if found is None:
        found = _read(article)
        cache.set(key, found)
    return found


def _read(article: Article) -> Highlights:
    names = ("pk", "name", "html", "language", "reaction_count", "featured_at", "credited_at")

    def listed(rows: CommentQuerySet, is_author: bool) -> Any:
        mark = Value(is_author, output_field=BooleanField())
        return rows.order_by("pk").annotate(is_author=mark).values_list(*names, "is_author")

    marked = _of(article).filter(Q(featured_at__isnull=False) | Q(credited_at__isnull=False))
    of_author = _of(article).filter(by_article_author=True)
    rows = listed(marked, False)[: 5 * MOST].union(listed(of_author, True)[:1], all=True)
    found = sorted(rows, key=lambda row: int(row[0]))
    honoured = [
        Honoured._make([*values, featured is not None, credited is not None])
        for *values, featured, credited, is_author in found
        if not is_author
    ]
    return Highlights(
        [row for row in honoured if row.featured][:MOST],
        [row for row in honoured if row.credited][:MOST],
        by_author=len(honoured) < len(found),
    )


_BY_AUTHORS = """
SELECT {columns}, c.parent_id FROM comments_comment c
WHERE c.article_id = %s AND c.state = 'approved' AND c.by_article_author AND c.id {than} %s
ORDER BY c.id {way} LIMIT %s
"""


def by_authors(
    article: Article, *, start: int = 0, end: int = 0
) -> tuple[ThreadPage, dict[int, Comment | None]]:
    """A page of what authors wrote under `article`, oldest first: the first, or after `start`, or
    before `end`.

    With it, by the number of each that is an answer, what it answers; None when readers do not
    see that. Two statements, along an index of such comments alone.
    """
    language = language_for(article)
    than, way = ("<", "DESC") if end else (">", "ASC")
    statement = _BY_AUTHORS.format(columns=columns(language), than=than, way=way)
    with connection.cursor() as cursor:
        cursor.execute(statement, [home_id(article), end or start, PAGE + 1])
        found = [(row_of(values), parent) for *values, parent in cursor.fetchall()]
    more, found = len(found) > PAGE, found[:PAGE]
    if end:
        found.reverse()
    parents = _of(article).filter(pk__in={parent for _row, parent in found if parent})
    known = parents.only("name", "html", "language").in_bulk()
    rows = [row for row, _parent in found]
    page = ThreadPage(
        rows,
        earlier=rows[0].pk if rows and (start or (end and more)) else None,
        later=rows[-1].pk if rows and (end or more) else None,
        size=len(rows),
    )
    return page, {row.pk: known.get(parent) for row, parent in found if parent}
