"""Where comments stand in a conversation: the page that holds one, the newest in reading order.

None costs more in a longer thread.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection

from blog.models import Article
from comments.models import Comment, State
from comments.thread import selectors, tree
from comments.thread.access import home_id
from comments.thread.selectors import ROOTS, Sort, ThreadPage

NEWEST: Final = 200
"""How many of the newest comments are looked at."""

# A page that is opened for a comment begins with its branch when that began at most so many rows
# before, else at half of them.
_NEAR: Final = 60

_BEFORE = """
SELECT c.path, b.id, b.path FROM comments_comment c,
LATERAL (
    SELECT id, path FROM comments_comment b
    WHERE b.article_id = c.article_id AND b.shown AND b.path < c.path
    ORDER BY b.path DESC LIMIT %s
) b
WHERE c.id = %s AND c.article_id = %s AND c.shown
ORDER BY b.path DESC
"""

_ROOTS_BEFORE = """
SELECT b.id FROM comments_comment c
JOIN comments_comment r ON r.article_id = c.article_id
    AND r.path = substring(c.path FROM 1 FOR get_byte(c.path, 0) + 1),
LATERAL (
    SELECT b.id, b.rank, b.reaction_count FROM comments_comment b
    WHERE b.article_id = r.article_id AND b.parent_id IS NULL AND b.shown AND {above}
    ORDER BY {order} LIMIT %s
) b
WHERE c.id = %s AND c.article_id = %s AND c.shown
ORDER BY {order}
"""

_ABOVE: Final = {
    Sort.OLDEST: {"above": "b.id < r.id", "order": "b.id DESC"},
    Sort.NEWEST: {"above": "b.id > r.id", "order": "b.id"},
    Sort.DISCUSSED: {"above": "(b.rank, b.id) > (r.rank, r.id)", "order": "b.rank, b.id"},
    Sort.VALUED: {
        "above": "(b.reaction_count, b.id) > (r.reaction_count, r.id)",
        "order": "b.reaction_count, b.id",
    },
}

COUNTED: Final = 100
"""How many roots before a page are counted, and rows between its root and its first row."""

_COUNT_BEFORE = """
SELECT roots.rows, inside.rows, coalesce(roots.approved, 0) + inside.approved
FROM comments_comment c
JOIN comments_comment r ON r.article_id = c.article_id
    AND r.path = substring(c.path FROM 1 FOR get_byte(c.path, 0) + 1),
LATERAL (
    SELECT count(*) AS rows, sum(b.descendant_count + (b.state = 'approved')::int) AS approved
    FROM (
        SELECT b.descendant_count, b.state FROM comments_comment b
        WHERE b.article_id = r.article_id AND b.parent_id IS NULL AND b.shown AND {above}
        ORDER BY {order} LIMIT %s
    ) b
) roots,
LATERAL (
    SELECT count(*) AS rows, count(*) FILTER (WHERE b.state = 'approved') AS approved FROM (
        SELECT b.state FROM comments_comment b
        WHERE b.article_id = r.article_id AND b.shown AND b.path >= r.path AND b.path < c.path
        ORDER BY b.path LIMIT %s
    ) b
) inside
WHERE c.id = %s
"""

_NEWEST = """
WITH newest AS (
    (SELECT id, path, shown_at, created_at FROM comments_comment
        WHERE article_id = %s AND shown AND state = 'approved' ORDER BY id DESC LIMIT %s)
    UNION
    (SELECT id, path, shown_at, created_at FROM comments_comment
        WHERE article_id = %s AND shown AND state = 'approved' AND shown_at > created_at
        ORDER BY shown_at DESC LIMIT %s)
)
SELECT n.id, coalesce(n.shown_at, n.created_at) FROM newest n
JOIN comments_comment r
    ON r.article_id = %s AND r.path = substring(n.path FROM 1 FOR get_byte(n.path, 0) + 1)
ORDER BY {order}n.path
"""

_ORDER: Final = {
    Sort.OLDEST: "",
    Sort.NEWEST: "r.id DESC, ",
    Sort.DISCUSSED: "r.rank DESC, r.id DESC, ",
    Sort.VALUED: "r.reaction_count DESC, r.id DESC, ",
}


def start_for(article: Article, number: int, sort: Sort) -> int:
    """The comment after which the page of `selectors.page` starts that holds comment `number`.

    0 for the first page: also for a comment that is not shown, or stands under another article.
    """
    if not number:
        return 0
    limit = selectors.PAGE if sort is Sort.OLDEST else ROOTS
    statement = _BEFORE if sort is Sort.OLDEST else _ROOTS_BEFORE.format(**_ABOVE[sort])
    with connection.cursor() as cursor:
        cursor.execute(statement, [limit, number, home_id(article)])
        found = cursor.fetchall()
    if len(found) < limit:
        return 0
    if sort is not Sort.OLDEST:
        return int(found[0][0])
    path = bytes(found[0][0])
    root = tree.path_for(b"", tree.ids_of(path)[0])
    near = min(_NEAR, limit // 2)
    for turn, (_path, _before, above) in enumerate(found[:near]):
        if path == root:
            break
        if bytes(above) == root:
            return int(found[turn + 1][1])
    return int(found[0 if path == root else near // 2][1])


def count_before(page: ThreadPage, sort: Sort) -> int:
    """How many approved comments stand before `page`, in `sort`; 0 before the first page, and
    where more than `COUNTED` roots, or rows of a branch, would have to be read for it."""
    if page.earlier is None:
        return 0
    statement, most = _COUNT_BEFORE.format(**_ABOVE[sort]), COUNTED + 1
    with connection.cursor() as cursor:
        cursor.execute(statement, [most, most, page.earlier])
        roots, inside, approved = cursor.fetchone()
    return int(approved) if max(roots, inside) < most else 0


def with_comment(page: ThreadPage, article: Article, number: int) -> ThreadPage:
    """`page`, in an order by roots, with comment `number` where its branch was cut above it.

    What it answers comes with it, and its first replies.
    """
    comment = None
    if page.hidden and all(row.pk != number for row in page.rows):
        rows = Comment.objects.shown().filter(article=home_id(article), pk=number)
        comment = rows.only("path", "article_id").first()
    root = tree.ids_of(comment.path)[0] if comment else 0
    if comment is None or root not in page.hidden:
        return page
    last, left = page.hidden[root]
    known = {row.pk for row in page.rows}
    below = selectors.branch(comment, article).rows[: 1 + selectors.REPLIES]
    added = [row for row in (*selectors.ancestors(comment, article), *below) if row.pk not in known]
    at = next(turn for turn, row in enumerate(page.rows) if row.pk == last.pk) + 1
    left -= sum(row.state == State.APPROVED for row in added)
    hidden = {pk: cut for pk, cut in page.hidden.items() if pk != root}
    if left > 0:
        hidden[root] = (added[-1], left)
    return replace(page, rows=[*page.rows[:at], *added, *page.rows[at:]], hidden=hidden)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest comments in reading order, each with the time since which it is shown; `more`:
    there are others."""

    comments: list[tuple[int, datetime.datetime]]
    more: bool
    # The greatest number, whether or not it is among them.
    last: int


def newest(article: Article, sort: Sort) -> Newest:
    """The newest shown comments of a conversation, as they follow each other in `sort`.

    What was approved long after it was written is as new as that.
    """
    statement = _NEWEST.format(order=_ORDER[sort])
    home = home_id(article)
    with connection.cursor() as cursor:
        cursor.execute(statement, [home, NEWEST + 1, home, NEWEST + 1, home])
        rows = cursor.fetchall()
    if len(rows) <= NEWEST:
        return Newest(rows, more=False, last=max((pk for pk, _at in rows), default=0))
    latest = {pk for pk, _at in sorted(rows, key=lambda row: row[::-1])[-NEWEST:]}
    kept = [row for row in rows if row[0] in latest]
    return Newest(kept, more=True, last=max(pk for pk, _at in rows))
