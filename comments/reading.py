"""What the conversation's pages read: one page of rows, whatever the size of the thread."""

from __future__ import annotations

from dataclasses import dataclass

from blog.models import Article
from comments import tree
from comments.models import Comment

PAGE = 100
_COLUMNS = (
    "id",
    "article_id",
    "parent_id",
    "path",
    "depth",
    "name",
    "fragment",
    "fragment_release",
)


@dataclass(frozen=True)
class ThreadPage:
    """Rows in reading order, the neighbouring pages' keys, and what the first row is under."""

    rows: list[Comment]
    above: list[Comment]
    later: int | None
    earlier: int | None


def page(article: Article, *, start: int = 0, end: int = 0) -> ThreadPage:
    """The first page of a thread, the one that follows comment `start`, or that precedes `end`.

    Keyset on the path: the cost does not depend on where the page lies. An unknown key gives
    the first page.
    """
    shown = Comment.objects.shown().filter(article=article).only(*_COLUMNS)
    key = start or end
    edge = None
    if key:
        edge = (
            Comment.objects.filter(article=article, pk=key).values_list("path", flat=True).first()
        )
    if edge is None:
        rows = list(shown.order_by("path")[: PAGE + 1])
        before, after = False, len(rows) > PAGE
        rows = rows[:PAGE]
    elif start:
        rows = list(shown.filter(path__gt=bytes(edge)).order_by("path")[: PAGE + 1])
        before, after = True, len(rows) > PAGE
        rows = rows[:PAGE]
    else:
        rows = list(shown.filter(path__lt=bytes(edge)).order_by("-path")[: PAGE + 1])
        before, after = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    for row in rows:
        row.article = article
    return ThreadPage(
        rows=rows,
        above=ancestors(rows[0], article) if rows and rows[0].depth else [],
        later=rows[-1].pk if rows and after else None,
        earlier=rows[0].pk if rows and before else None,
    )


def ancestors(comment: Comment, article: Article) -> list[Comment]:
    """The shown comments above `comment`, root first."""
    ids = tree.ids_of(comment.path)[:-1]
    rows = list(Comment.objects.shown().filter(pk__in=ids).only(*_COLUMNS).order_by("path"))
    for row in rows:
        row.article = article
    return rows


def branch(comment: Comment, article: Article) -> list[Comment]:
    """`comment` and the first page of what was answered to it."""
    low, high = tree.subtree_bounds(comment.path)
    rows = list(
        Comment.objects.shown()
        .filter(article=article, path__gte=low, path__lt=high)
        .only(*_COLUMNS)
        .order_by("path")[:PAGE]
    )
    for row in rows:
        row.article = article
    return rows
