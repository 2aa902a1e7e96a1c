"""The only module that writes counters of the conversation; it can also prove them.

Order of locks: comments from the root down, the article last (every writer alike, so that
none waits for another in a circle). What moves whole conversations is kept apart by
`blog.publishing.conversation_lock`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat

from blog.models import Article
from blog.publishing import conversation_lock
from comments.models import Comment, State, Subscription, around_number
from comments.thread import tree


def lock_thread(comment: Comment) -> Comment:
    """Lock the comments above `comment` and itself, root first; gives the row as it now is.

    The caller must be inside a transaction. Raises KeyError when the row is gone.
    """
    conversation_lock.to_write()
    rows = Comment.objects.select_for_update().filter(pk__in=tree.ids_of(comment.path))
    return {row.pk: row for row in rows.order_by("path")}[comment.pk]


class Parent(NamedTuple):
    """What a reply must know of the comment that it answers."""

    article_id: int
    state: str
    name: str


def lock_parent(parent: Comment) -> Parent | None:
    """As `lock_thread` for what is to be answered, read in a hurry; None when the row is gone.

    The caller holds the shared conversation lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT article_id, state, name, id FROM comments_comment WHERE id = ANY(%s)"
            " ORDER BY path FOR UPDATE",
            [tree.ids_of(parent.path)],
        )
        rows = cursor.fetchall()
    # The deepest of them is the parent itself, unless it went while its lock was waited for.
    return Parent(*rows[-1][:3]) if rows and rows[-1][3] == parent.pk else None


def visibility_changed(comment: Comment, *, by: int) -> None:
    """Count `comment` in (`by` = 1) or out (-1) everywhere above it; renew the thread's version.

    With `by` = 0 only the version goes up: something in the thread looks different. The caller
    holds the locks of `lock_thread`.
    """
    above = tree.ids_of(comment.path)[:-1]
    values: dict[str, Any] = {"by": by, "above": above, "home": comment.article_id}
    with connection.cursor() as cursor:
        cursor.execute((_COUNT_BRANCH if above and by else "") + _COUNT_HOME, values)
        if any(shared for (shared,) in cursor.fetchall()):
            cursor.execute(_COUNT_TRANSLATIONS, values)


_COUNT_BRANCH = """
WITH branch AS (
    UPDATE comments_comment SET descendant_count = descendant_count + %(by)s, rank = rank + %(by)s
    WHERE id = ANY(%(above)s)
)
"""
# The article that holds the conversation comes first, so that all who count wait there; to lock it
# and count in one statement makes circles, as the row may change between the two.
_COUNT_HOME = """
UPDATE blog_article
SET comment_count = comment_count + %(by)s, thread_version = thread_version + 1
WHERE id = %(home)s RETURNING conversation_id
"""
# Translations that share the conversation carry the same numbers.
_COUNT_TRANSLATIONS = """
UPDATE blog_article
SET comment_count = comment_count + %(by)s, thread_version = thread_version + 1
WHERE conversation_id = %(home)s AND id <> %(home)s
"""


def count_many(changes: Mapping[int, int]) -> None:
    """As `visibility_changed` for the articles alone: what is added to each that holds a
    conversation, by its number. The caller holds the locks of the comments above.
    """
    homes = sorted(changes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM blog_article WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [homes]
        )
        cursor.execute(
            "UPDATE blog_article a"
            " SET comment_count = comment_count + v.n, thread_version = thread_version + 1"
            " FROM unnest(%s::bigint[], %s::integer[]) AS v (id, n)"
            " WHERE coalesce(a.conversation_id, a.id) = v.id",
            [homes, [changes[number] for number in homes]],
        )


def joined(sender: Any, *, home: Article, article: Article, **_more: Any) -> None:
    """Bring the comments of `article` to the conversation of `home`; both count all of them.

    Paths hold numbers of comments alone, so that every branch keeps its shape. Fragments made in
    another language are made anew when they are next read. Who follows the one follows the other.
    Feeds go on naming each comment as they did.
    """
    known = Subscription.objects.filter(article=home, comment=None).values("commenter")
    followers = Subscription.objects.filter(article=article.pk)
    followers.filter(comment=None, commenter__in=known).delete()
    followers.update(article=home)
    before, after = around_number(article.entry_id)
    named = Concat(Value(before), Cast("pk", CharField()), Value(after))
    Comment.objects.filter(article=article.pk).update(
        article=home, entry_id=Case(When(entry_id="", then=named), default="entry_id")
    )
    count = Comment.objects.filter(article=home, state=State.APPROVED).count()
    Article.objects.filter(Q(pk=home.pk) | Q(conversation=home.pk)).update(
        comment_count=count, thread_version=F("thread_version") + 1
    )


REACTION_WEIGHT = 2
"""What one reaction counts for in `Comment.rank`, beside 1 for each reply at any distance."""

_RECOUNT = """
WITH counted AS (
    SELECT a.id,
           count(c.id) FILTER (WHERE c.state = 'approved') AS comments
    FROM blog_article a
    LEFT JOIN comments_comment c ON c.article_id = coalesce(a.conversation_id, a.id)
    GROUP BY a.id
)
UPDATE blog_article a
SET comment_count = counted.comments, thread_version = a.thread_version + 1
FROM counted
WHERE counted.id = a.id AND a.comment_count <> counted.comments
"""

_RECOUNT_BRANCHES = """
WITH counted AS (
    SELECT p.id, (
        SELECT count(*) FROM comments_comment c
        WHERE c.article_id = p.article_id AND c.state = 'approved' AND c.id <> p.id
          -- A length byte is at most 8: the branch is one range of the index.
          AND c.path > p.path AND c.path < p.path || '\\x09'::bytea
    ) AS below
    FROM comments_comment p
    WHERE EXISTS (SELECT 1 FROM comments_comment r WHERE r.parent_id = p.id)
       OR p.descendant_count <> 0 OR p.rank <> 0 OR p.reaction_count <> 0
), valued AS (
    SELECT comment_id, count(*) AS reactions FROM comments_reaction GROUP BY comment_id
)
UPDATE comments_comment p
SET descendant_count = counted.below,
    reaction_count = coalesce(valued.reactions, 0),
    rank = counted.below + 2 * coalesce(valued.reactions, 0)
FROM counted LEFT JOIN valued ON valued.comment_id = counted.id
WHERE counted.id = p.id AND (
    p.descendant_count <> counted.below
    OR p.reaction_count <> coalesce(valued.reactions, 0)
    OR p.rank <> counted.below + 2 * coalesce(valued.reactions, 0)
)
"""


def recount(using: str = DEFAULT_DB_ALIAS) -> int:
    """Set every counter to what the rows say; gives the number of rows that were wrong.

    `using` names another database than the site's own: the copy that proves a backup.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_RECOUNT_BRANCHES)
        wrong = cursor.rowcount
        cursor.execute(_RECOUNT)
        return int(wrong + cursor.rowcount)
