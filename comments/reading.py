"""What the conversation's pages read: one page of rows, whatever the size of the thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from blog.models import Article
from comments import tree
from comments.models import Comment

PAGE = 100


class Row(NamedTuple):
    """What a thread shows of a comment: a page of a hundred objects of models costs 1 ms more."""

    pk: int
    path: bytes
    depth: int
    name: str
    by_article_author: bool
    fragment: str
    fragment_release: str


_COLUMNS = ("pk", "path", "depth", "name", "by_article_author", "fragment", "fragment_release")


def _rows(comments: QuerySet[Comment], limit: int | None = None) -> list[Row]:
    return [Row._make(values) for values in comments.values_list(*_COLUMNS)[:limit]]


@dataclass(frozen=True)
class ThreadPage:
    """Rows in reading order, the neighbouring pages' keys, and what the first row is under."""

    rows: list[Row]
    above: list[Row]
    later: int | None
    earlier: int | None


def page(article: Article, *, start: int = 0, end: int = 0) -> ThreadPage:
    """The first page of a thread, the one that follows comment `start`, or that precedes `end`.

    Keyset on the path: the cost does not depend on where the page lies. An unknown key gives
    the first page.
    """
    shown = Comment.objects.shown().filter(article=article)
    key = start or end
    edge = None
    if key:
        edge = (
            Comment.objects.filter(article=article, pk=key).values_list("path", flat=True).first()
        )
    if edge is None:
        rows = _rows(shown.order_by("path"), PAGE + 1)
        before, after = False, len(rows) > PAGE
        rows = rows[:PAGE]
    elif start:
        rows = _rows(shown.filter(path__gt=bytes(edge)).order_by("path"), PAGE + 1)
        before, after = True, len(rows) > PAGE
        rows = rows[:PAGE]
    else:
        rows = _rows(shown.filter(path__lt=bytes(edge)).order_by("-path"), PAGE + 1)
        before, after = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    return ThreadPage(
        rows=rows,
        above=ancestors(rows[0]) if rows and rows[0].depth else [],
        later=rows[-1].pk if rows and after else None,
        earlier=rows[0].pk if rows and before else None,
    )


def ancestors(comment: Row | Comment) -> list[Row]:
    """The shown comments above `comment`, root first."""
    ids = tree.ids_of(comment.path)[:-1]
    return _rows(Comment.objects.shown().filter(pk__in=ids).order_by("path"))


def branch(comment: Comment, article: Article) -> list[Row]:
    """`comment` and the first page of what was answered to it."""
    low, high = tree.subtree_bounds(comment.path)
    shown = Comment.objects.shown().filter(article=article, path__gte=low, path__lt=high)
    return _rows(shown.order_by("path"), PAGE)
