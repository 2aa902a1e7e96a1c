"""Queries of the conversation's pages: one page of rows, whatever the size of the thread."""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg2
from django.db import connection
from django.utils import timezone

from blog.models import Article
from blog.models.article import HEAVY
from comments.models import Comment, Commenter, State
from comments.thread import tree
from comments.thread.access import home_id

PAGE = 100
ROOTS, REPLIES = 16, 5
"""Root comments on a page that is sorted by them, and what is shown below each at once: together
as many as on a page in reading order."""


class Sort(enum.Enum):
    """Sort order of a thread; the value is used in URLs."""

    OLDEST = ""
    NEWEST = "newest"
    DISCUSSED = "discussed"
    VALUED = "valued"


class ThreadRow(NamedTuple):
    """A row of a thread; lighter than a model object (1 ms for a page of a hundred)."""

    pk: int
    path: bytes
    depth: int
    name: str
    state: str
    descendant_count: int
    fragment: str
    fragment_release: str
    fragment_translations: dict[str, str] | None = None


# A page is one statement of fixed text: composing it anew by the ORM costs more than running it.
# The finished markup in other languages is only fetched for a translation.
_COLUMNS = ", ".join(f"c.{'id' if name == 'pk' else name}" for name in ThreadRow._fields[:-1])
_ROWS = """
SELECT {columns} FROM comments_comment c
WHERE c.article_id = %s AND c.shown {further} ORDER BY {order} LIMIT %s
"""
_FIRST = """
SELECT {columns}, branch.turn
FROM unnest(%s::bytea[], %s::bytea[]) WITH ORDINALITY AS branch (low, high, turn),
LATERAL (
    SELECT * FROM comments_comment c
    WHERE c.article_id = %s AND c.shown AND c.path >= branch.low AND c.path < branch.high
    ORDER BY c.path LIMIT %s
) c
ORDER BY branch.turn, c.path
"""


def columns(language: str) -> str:
    """What a statement selects for `row_of`, with the markup in `language` unless it is empty."""
    return f"{_COLUMNS}, {'c.fragment_translations' if language else 'NULL'}"


def _fetch(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def row_of(values: Sequence[Any]) -> ThreadRow:
    """The row of what `columns` selected."""
    # Past the ORM, jsonb comes as text.
    return ThreadRow._make([*values[:-1], json.loads(values[-1])] if values[-1] else values)


def _rows(
    article_id: int, further: str, values: Sequence[Any], limit: int, *, order: str, language: str
) -> list[ThreadRow]:
    """Shown comments, with `further` conditions (fixed text) on the given values."""
    statement = _ROWS.format(columns=columns(language), further=further, order=order)
    return [row_of(found) for found in _fetch(statement, [article_id, *values, limit])]


@dataclass(frozen=True)
class ThreadPage:
    """Rows in reading order, the neighbouring pages' keys, and what the first row is under.

    `hidden` gives, by the number of a root, how many of its replies are left for its own page,
    and by which row they would follow.
    """

    rows: list[ThreadRow]
    above: list[ThreadRow] = field(default_factory=list)
    later: int | None = None
    earlier: int | None = None
    hidden: dict[int, tuple[ThreadRow, int]] = field(default_factory=dict)
    # How many approved comments the page stands for, those counted in `hidden` included.
    size: int = 0


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
    own = language_for(article)
    if sort is not Sort.OLDEST:
        return _by_roots(article, start, end, sort, own)
    home = home_id(article)
    further, values = ("AND c.language = %s", [language]) if language else ("", [])
    edge = _edge(article, start or end)

    def rows_at(comparison: str, order: str) -> list[ThreadRow]:
        spot = [] if edge is None else [psycopg2.Binary(edge)]
        more = f"{further} {comparison}"
        return _rows(home, more, [*values, *spot], PAGE + 1, order=order, language=own)

    if edge is None:
        rows = rows_at("", "c.path")
        before, after = False, len(rows) > PAGE
        rows = rows[:PAGE]
    elif start:
        rows = rows_at("AND c.path > %s", "c.path")
        before, after = True, len(rows) > PAGE
        rows = rows[:PAGE]
    else:
        rows = rows_at("AND c.path < %s", "c.path DESC")
        before, after = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    return ThreadPage(
        rows=rows,
        above=ancestors(rows[0], article) if rows and rows[0].depth and not language else [],
        later=rows[-1].pk if rows and after else None,
        earlier=rows[0].pk if rows and before else None,
        size=_approved(rows),
    )


def _approved(rows: Sequence[ThreadRow]) -> int:
    return sum(row.state == State.APPROVED for row in rows)


def _edge(article: Article, key: int) -> bytes | None:
    if not key:
        return None
    statement = "SELECT path FROM comments_comment WHERE id = %s AND article_id = %s"
    found = _fetch(statement, [key, home_id(article)])
    return bytes(found[0][0]) if found else None


_ROOTS = """
SELECT c.id, c.path, c.descendant_count, (c.state = 'approved')::int FROM comments_comment c
WHERE c.article_id = %s AND c.parent_id IS NULL AND c.shown {further} ORDER BY {order} LIMIT %s
"""

# What an order goes by before the number: a stored column of the root; an index has both.
_COLUMN = {Sort.DISCUSSED: "rank", Sort.VALUED: "reaction_count"}
_EDGE_OF_ROOTS = """
SELECT {column} FROM comments_comment
WHERE id = %s AND article_id = %s AND parent_id IS NULL AND shown
"""


def _by_roots(article: Article, start: int, end: int, sort: Sort, language: str) -> ThreadPage:
    """Roots in the asked order, each with its first replies; two or three small queries."""
    home, key = home_id(article), start or end
    column = _COLUMN.get(sort, "id")
    edge = _fetch(_EDGE_OF_ROOTS.format(column=column), [key, home]) if key else []
    if not edge:
        start, end = 0, 0
    further, way = "", "ASC" if end else "DESC"
    values: list[Any] = []
    if start or end:
        than = "<" if start else ">"
        if sort is Sort.NEWEST:
            further, values = f"AND c.id {than} %s", [key]
        else:
            further, values = f"AND (c.{column}, c.id) {than} (%s, %s)", [edge[0][0], key]
    order = f"c.id {way}" if sort is Sort.NEWEST else f"c.{column} {way}, c.id {way}"
    statement = _ROOTS.format(further=further, order=order)
    found = _fetch(statement, [home, *values, ROOTS + 1])
    more, found = len(found) > ROOTS, found[:ROOTS]
    if end:
        found.reverse()
    branches = _first_of(home, [bytes(path) for _pk, path, *_counts in found], language)
    hidden = {}
    for (pk, _path, below, _own), rows in zip(found, branches, strict=True):
        left = below - _approved([row for row in rows if row.pk != pk])
        if left > 0 and rows:
            hidden[pk] = (rows[-1], left)
    return ThreadPage(
        rows=[row for rows in branches for row in rows],
        later=found[-1][0] if found and (more or end) else None,
        earlier=found[0][0] if found and (start or (end and more)) else None,
        hidden=hidden,
        size=sum(below + own for _pk, _path, below, own in found),
    )


def _first_of(article_id: int, roots: Sequence[bytes], language: str) -> list[list[ThreadRow]]:
    """The first rows of each branch, in the order of `roots`; one query for all."""
    bounds = [tree.subtree_bounds(root) for root in roots]
    branches: list[list[ThreadRow]] = [[] for _root in roots]
    values = [
        [psycopg2.Binary(low) for low, _high in bounds],
        [psycopg2.Binary(high) for _low, high in bounds],
        article_id,
        REPLIES + 1,
    ]
    for *found, turn in _fetch(_FIRST.format(columns=columns(language)), values):
        branches[turn - 1].append(row_of(found))
    return branches


def ancestors(comment: ThreadRow | Comment, article: Article) -> list[ThreadRow]:
    """The shown comments above `comment`, root first, for a page of `article`."""
    ids = tree.ids_of(comment.path)[:-1]
    return _rows(
        home_id(article),
        "AND c.id = ANY(%s)",
        [ids],
        len(ids),
        order="c.path",
        language=language_for(article),
    )


def branch(comment: Comment, article: Article, *, start: int = 0, end: int = 0) -> ThreadPage:
    """`comment` and what was answered to it: the first page, the one after `start`, or that
    precedes `end`."""
    low, high = tree.subtree_bounds(comment.path)
    edge = None
    if start or end:
        key = Comment.objects.filter(article=comment.article_id, pk=start or end)
        edge = key.filter(path__gt=low, path__lt=high).values_list("path", flat=True).first()
    if edge is not None and start:
        low, further = bytes(edge), "AND c.path > %s AND c.path < %s"
    else:
        high, further = bytes(edge or high), "AND c.path >= %s AND c.path < %s"
    is_back = edge is not None and not start
    rows = _rows(
        comment.article_id,
        further,
        [psycopg2.Binary(low), psycopg2.Binary(high)],
        PAGE + 1,
        order="c.path DESC" if is_back else "c.path",
        language=language_for(article),
    )
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if is_back:
        rows.reverse()
    has_earlier, has_later = (more, True) if is_back else (edge is not None, more)
    return ThreadPage(
        rows=rows,
        later=rows[-1].pk if rows and has_later else None,
        earlier=rows[0].pk if rows and has_earlier else None,
        size=_approved(rows),
    )


# Comments that were approved late have lower numbers; so long after that they are still given.
LATE = datetime.timedelta(hours=1)
_AFTER = """
(SELECT {columns}, c.parent_id, c.shown_at FROM comments_comment c
    WHERE c.article_id = %s AND c.shown AND c.state = 'approved' AND c.id > %s
    ORDER BY c.id LIMIT %s)
UNION ALL
(SELECT {columns}, c.parent_id, c.shown_at FROM comments_comment c
    WHERE c.article_id = %s AND c.shown AND c.state = 'approved' AND c.id <= %s
    AND c.shown_at > c.created_at AND c.shown_at > %s ORDER BY c.shown_at DESC LIMIT %s)
"""


class Arrival(NamedTuple):
    """A comment that came in, what it answers, and since when it is shown, if approved late."""

    parent: int | None
    row: ThreadRow
    shown_at: datetime.datetime | None


def after(article: Article, number: int, *, limit: int) -> list[Arrival]:
    """Comments that were written after the comment `number`, oldest first, and the others that
    were approved in the last hour (`LATE`)."""
    own, home = language_for(article), home_id(article)
    statement = _AFTER.format(columns=columns(own))
    late = [home, number, timezone.now() - LATE, limit]
    return [
        Arrival(parent, row_of(values), shown_at)
        for *values, parent, shown_at in _fetch(statement, [home, number, limit, *late])
    ]


def written_by(person: Commenter, limit: int = 500) -> list[Any]:
    """The person's comments, newest first, with their articles."""
    rows = person.comments.select_related("article", "parent")
    rows = rows.defer(*(f"article__{name}" for name in HEAVY)).prefetch_related("events")
    return list(rows.order_by("-pk")[:limit])


def home_language(article: Article) -> str:
    """The language of the article that holds the conversation, in which fragments are stored."""
    if home_id(article) == article.pk:
        return article.language
    # Known already where the article came with it (blog.reading.selectors.article_head).
    language: str | None = getattr(article, "home_language", None)
    if language is None:
        homes = Article.objects.filter(pk=home_id(article))
        language = homes.values_list("language", flat=True).first() or article.language
        setattr(article, "home_language", language)  # noqa: B010 - no field of the model
    return language


def language_for(article: Article) -> str:
    """In which language the fragments must be, when not in the conversation's own."""
    return "" if home_language(article) == article.language else article.language
