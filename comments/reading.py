"""What the conversation's pages read: one page of rows, whatever the size of the thread."""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg2
from django.db import connection
from django.db.models import Q, QuerySet

from blog.models import Article
from comments import tree
from comments.access import home_id
from comments.models import Comment, Commenter, State

PAGE = 100
ROOTS, REPLIES = 20, 5
"""Root comments on a page that is sorted by them, and what is shown below each at once."""
HONOURED = 10


class Sort(enum.Enum):
    """In which order a thread is read; the value is what the address says."""

    OLDEST = ""
    NEWEST = "newest"
    DISCUSSED = "discussed"


class Row(NamedTuple):
    """What a thread shows of a comment: a page of a hundred objects of models costs 1 ms more."""

    pk: int
    path: bytes
    depth: int
    name: str
    state: str
    descendant_count: int
    fragment: str
    fragment_release: str
    fragment_translations: dict[str, str] | None = None


_COLUMNS = Row._fields


def number_of(text: str) -> int:
    """The comment that a part of an address names; 0 for what is no number of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _rows(comments: QuerySet[Comment], limit: int | None = None) -> list[Row]:
    return [Row._make(values) for values in comments.values_list(*_COLUMNS)[:limit]]


@dataclass(frozen=True)
class ThreadPage:
    """Rows in reading order, the neighbouring pages' keys, and what the first row is under.

    `hidden` gives, by the number of a root, how many of its replies are left for its own page,
    and by which row they would follow.
    """

    rows: list[Row]
    above: list[Row] = field(default_factory=list)
    later: int | None = None
    earlier: int | None = None
    hidden: dict[int, tuple[Row, int]] = field(default_factory=dict)


def page(
    article: Article,
    *,
    start: int = 0,
    end: int = 0,
    sort: Sort = Sort.OLDEST,
    language: str = "",
) -> ThreadPage:
    """The first page of a thread, the one that follows comment `start`, or that precedes `end`.

    By keyset: the cost does not depend on where the page lies. An unknown key gives the first
    page. `language` leaves out comments in other languages (in reading order only).
    """
    if sort is not Sort.OLDEST:
        return _by_roots(article, start, end, sort)
    shown = Comment.objects.shown().filter(article=home_id(article))
    if language:
        shown = shown.filter(language=language)
    edge = _edge(article, start or end)
    if edge is None:
        rows = _rows(shown.order_by("path"), PAGE + 1)
        before, after = False, len(rows) > PAGE
        rows = rows[:PAGE]
    elif start:
        rows = _rows(shown.filter(path__gt=edge).order_by("path"), PAGE + 1)
        before, after = True, len(rows) > PAGE
        rows = rows[:PAGE]
    else:
        rows = _rows(shown.filter(path__lt=edge).order_by("-path"), PAGE + 1)
        before, after = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    return ThreadPage(
        rows=rows,
        above=ancestors(rows[0]) if rows and rows[0].depth and not language else [],
        later=rows[-1].pk if rows and after else None,
        earlier=rows[0].pk if rows and before else None,
    )


def _edge(article: Article, key: int) -> bytes | None:
    if not key:
        return None
    found = Comment.objects.filter(article=home_id(article), pk=key)
    path = found.values_list("path", flat=True).first()
    return None if path is None else bytes(path)


def _by_roots(article: Article, start: int, end: int, sort: Sort) -> ThreadPage:
    """Roots in the asked order, each with its first replies; two or three small queries."""
    roots = Comment.objects.shown().filter(article=home_id(article), parent=None)
    order: tuple[str, ...] = ("-pk",) if sort is Sort.NEWEST else ("-rank", "-pk")
    key = start or end
    edge = roots.filter(pk=key).values_list("rank", flat=True).first() if key else None
    if edge is None:
        start, end = 0, 0
    elif sort is Sort.NEWEST:
        roots = roots.filter(pk__lt=start) if start else roots.filter(pk__gt=end)
    elif start:
        roots = roots.filter(Q(rank__lt=edge) | Q(rank=edge, pk__lt=start))
    else:
        roots = roots.filter(Q(rank__gt=edge) | Q(rank=edge, pk__gt=end))
    if end:
        order = tuple(name.removeprefix("-") for name in order)
    found = list(roots.order_by(*order).values_list("pk", "path", "descendant_count")[: ROOTS + 1])
    more, found = len(found) > ROOTS, found[:ROOTS]
    if end:
        found.reverse()
    branches = _first_of(home_id(article), [bytes(path) for _pk, path, _count in found])
    hidden = {}
    for (pk, _path, below), rows in zip(found, branches, strict=True):
        left = below - sum(row.state == State.APPROVED for row in rows if row.pk != pk)
        if left > 0 and rows:
            hidden[pk] = (rows[-1], left)
    return ThreadPage(
        rows=[row for rows in branches for row in rows],
        later=found[-1][0] if found and (more or end) else None,
        earlier=found[0][0] if found and (start or (end and more)) else None,
        hidden=hidden,
    )


_FIRST = """
SELECT branch.turn, {columns}
FROM unnest(%s::bytea[], %s::bytea[]) WITH ORDINALITY AS branch (low, high, turn),
LATERAL (
    SELECT * FROM comments_comment c
    WHERE c.article_id = %s AND c.shown AND c.path >= branch.low AND c.path < branch.high
    ORDER BY c.path LIMIT %s
) c
ORDER BY branch.turn, c.path
"""


def _first_of(article_id: int, roots: Sequence[bytes]) -> list[list[Row]]:
    """The first rows of each branch, in the order of `roots`; one query for all."""
    bounds = [tree.subtree_bounds(root) for root in roots]
    columns = ", ".join(f"c.{'id' if name == 'pk' else name}" for name in _COLUMNS)
    branches: list[list[Row]] = [[] for _root in roots]
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST.format(columns=columns),
            [
                [psycopg2.Binary(low) for low, _high in bounds],
                [psycopg2.Binary(high) for _low, high in bounds],
                article_id,
                REPLIES + 1,
            ],
        )
        for turn, *values in cursor.fetchall():
            # Past the ORM, jsonb comes as text.
            others = json.loads(values[-1]) if values[-1] else None
            branches[turn - 1].append(Row._make([*values[:-1], others]))
    return branches


def ancestors(comment: Row | Comment) -> list[Row]:
    """The shown comments above `comment`, root first."""
    ids = tree.ids_of(comment.path)[:-1]
    return _rows(Comment.objects.shown().filter(pk__in=ids).order_by("path"))


def branch(comment: Comment, *, start: int = 0) -> ThreadPage:
    """`comment` and what was answered to it: the first page, or the one after `start`."""
    low, high = tree.subtree_bounds(comment.path)
    shown = Comment.objects.shown().filter(article=comment.article_id, path__lt=high)
    edge = None
    if start:
        key = Comment.objects.filter(article=comment.article_id, pk=start, path__lt=high)
        edge = key.filter(path__gt=low).values_list("path", flat=True).first()
    if edge is None:
        rows = _rows(shown.filter(path__gte=low).order_by("path"), PAGE + 1)
    else:
        rows = _rows(shown.filter(path__gt=bytes(edge)).order_by("path"), PAGE + 1)
    return ThreadPage(rows=rows[:PAGE], later=rows[PAGE - 1].pk if len(rows) > PAGE else None)


def honoured(article: Article) -> tuple[list[Comment], list[Comment]]:
    """The featured comments and the credited ones of a conversation, first marked first."""
    rows = (
        Comment.objects.filter(article=home_id(article), state=State.APPROVED)
        .filter(Q(featured_at__isnull=False) | Q(credited_at__isnull=False))
        .only("pk", "article", "name", "html", "language", "featured_at", "credited_at")
        .order_by("pk")[: 5 * HONOURED]
    )
    found = list(rows)
    for row in found:
        row.article = article
    featured = [row for row in found if row.featured_at is not None]
    credited = [row for row in found if row.credited_at is not None]
    return featured[:HONOURED], credited[:HONOURED]


def latest(article: Article, limit: int = 200) -> list[tuple[int, datetime.datetime]]:
    """Number and time of the newest shown comments, newest first."""
    shown = Comment.objects.shown().filter(article=home_id(article), state=State.APPROVED)
    return list(shown.order_by("-pk").values_list("pk", "created_at")[:limit])


class Arrival(NamedTuple):
    """A comment that came in, and what it answers."""

    parent: int | None
    row: Row


def after(article: Article, number: int, *, limit: int) -> list[Arrival]:
    """Comments that were written after the comment `number`, oldest first."""
    shown = Comment.objects.shown().filter(article=home_id(article), pk__gt=number)
    rows = shown.filter(state=State.APPROVED).order_by("pk")
    return [
        Arrival(values[0], Row._make(values[1:]))
        for values in rows.values_list("parent_id", *_COLUMNS)[:limit]
    ]


def written_by(person: Commenter, limit: int = 500) -> list[Any]:
    """The person's comments, newest first, with their articles."""
    heavy = ("body_source", "body_html", "body_text", "toc", "search")
    rows = Comment.objects.filter(commenter=person).select_related("article", "parent")
    return list(rows.defer(*(f"article__{name}" for name in heavy)).order_by("-pk")[:limit])


def language_for(article: Article) -> str:
    """In which language the fragments must be, when not in the conversation's own."""
    if home_id(article) == article.pk or article.conversation is None:
        return ""
    return "" if article.conversation.language == article.language else article.language
