"""An archive of any size, copied inside PostgreSQL: 50,000 articles in minutes instead of days.

Rows are copies of a few that the services made, so every column is what the services store; what
must differ (numbers, addresses, dates, paths, counters) is written anew. Words repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

EVERY_HELD = 50
"""One comment of so many waits for a decision, and one is spam."""
EVERY_REPORTED = 100
"""One shown comment of so many is reported, and one of `EVERY_DECIDED` was decided on."""
EVERY_DECIDED = 5
READERS = 2_000
_ENTRY = "'urn:uuid:' || gen_random_uuid()"


@dataclass(frozen=True)
class Archive:
    """How large an archive becomes: its articles, the comments under each, and the hours between
    two articles (50,000 articles fill eleven years)."""

    articles: int
    comments: int = 22
    hours: int = 2

    @property
    def people(self) -> int:
        """Commenters with an address, and readers of the newsletter."""
        return min(READERS, self.articles)


def _copy(model: type[Model], count: int, like: list[int], **changed: str) -> int:
    """Insert `count` copies of the rows with the numbers `like`, in turn; gives the number before
    the first.

    `changed` says in SQL what columns hold, where `n` is 1 and on, `t` the row that is copied and
    `first` the number before the first.
    """
    from django.db import connection

    columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
    changed = {"id": "first + n", **changed}
    values = [changed.get(column, f't."{column}"').replace("%", "%%") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, 'id'), (SELECT coalesce(max(id), 0) FROM "
            f"{model._meta.db_table})",
            [model._meta.db_table],
        )
        sequence, first = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(map(_quoted, columns))})"
            f" SELECT {', '.join(values)} FROM generate_series(1, %s) n"
            " CROSS JOIN (SELECT %s::bigint AS first) f"
            f" JOIN {model._meta.db_table} t ON t.id = (%s::bigint[])[n %% %s + 1]",
            [count, first, like, len(like)],
        )
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count])
    return int(first)


def _quoted(column: str) -> str:
    return f'"{column}"'


def grow(size: Archive, *, articles: list[int], comments: list[int], people: list[int]) -> int:
    """Add an archive of that size, of copies of the rows with those numbers.

    The comments that are copied are shown ones, the people confirmed commenters. Articles keep
    the authors and tags of what they are copies of. Gives the number before the first article.
    """
    from django.db import connection

    from blog.models import Article, ArticleAuthor
    from comments.models import Commenter

    # Behind what is there: an archive grows at its old end, and no year fills up.
    oldest = "(SELECT least(now(), min(published_at)) FROM blog_article)"
    person = _copy(
        Commenter, size.people, people,
        email="'lezer' || (first + n) || '@groei.example'", user_id="NULL",
        name="t.name || ' ' || n", proof_number="0",
    )  # fmt: skip
    first = _copy(
        Article, size.articles, articles,
        title="t.title || ' ' || n", slug="left(t.slug, 60) || '-' || (first + n)",
        published_at=f"{oldest} - n * interval '{size.hours} hours'",
        modified_at=f"{oldest} - n * interval '{size.hours} hours'",
        conversation_id="first + n", entry_id=_ENTRY,
        translation_set="gen_random_uuid()", comment_count=str(size.comments),
    )  # fmt: skip
    for model, order in ((ArticleAuthor, "author_id"), (Article.tags.through, "tag_id")):
        position = ", position" if model is ArticleAuthor else ""
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (article_id, {order}{position})"
                f" SELECT %s + n, {order}{position} FROM generate_series(1, %s) n"
                f" JOIN {table} t ON t.article_id = (%s::bigint[])[n %% %s + 1]",
                [first, size.articles, articles, len(articles)],
            )
    _comments(size, first, person, comments)
    with connection.cursor() as cursor:
        # As a vacuum would leave them: what waits to be sorted in makes an index look dear.
        cursor.execute(
            "SELECT gin_clean_pending_list(c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " WHERE a.amname = 'gin' AND c.relkind = 'i'"
        )
        cursor.execute("ANALYZE")
    return first


def _comments(size: Archive, article: int, person: int, like: list[int]) -> None:
    """Comments in pairs under each article, the second an answer to the first."""
    from django.db import connection

    from comments.models import Comment

    own = "(first + n)"
    held = f"n % {EVERY_HELD} = {EVERY_HELD - 1}"
    spam = f"n % {EVERY_HELD} = {EVERY_HELD - 3}"
    begun = f"n % {size.comments} % 2 = 1"  # The first of a pair.
    root = f"(first + n - CASE WHEN {begun} THEN 0 ELSE 1 END)"
    before = _copy(
        Comment, size.articles * size.comments, like,
        article_id=f"{article} + 1 + (n - 1) / {size.comments}",
        parent_id=f"CASE WHEN {begun} THEN NULL ELSE first + n - 1 END",
        path=f"{_place(root)} || CASE WHEN {begun} THEN ''::bytea ELSE {_place(own)} END",
        depth=f"CASE WHEN {begun} THEN 0 ELSE 1 END",
        commenter_id=f"{person} + 1 + n % {size.people}", author_id="NULL",
        name=f"'Lezer ' || (n % {size.people})", posting_key="NULL", entry_id=_ENTRY,
        origin="'site'", foreign_id="NULL",
        fragment=f"replace(t.fragment, 'comment-' || t.id, 'comment-' || {own})",
        state=f"CASE WHEN {held} THEN 'pending' WHEN {spam} THEN 'spam' ELSE t.state END",
        shown=f"NOT ({held} OR {spam})",
        created_at="(SELECT published_at FROM blog_article WHERE id ="
        f" {article} + 1 + (n - 1) / {size.comments}) + n % {size.comments} * interval '1 minute'",
        descendant_count=f"CASE WHEN {begun} THEN 1 ELSE 0 END",
        rank=f"CASE WHEN {begun} THEN 1 ELSE 0 END", reaction_count="0",
        client="int8send(n % 5000)",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_report (comment_id, complaint, note, email, language, client,"
            " outcome, created_at)"
            " SELECT id, 'insult', '', '', 'nl', int8send(id), 'open', created_at"
            " FROM comments_comment WHERE shown AND id > %s AND id %% %s = 0",
            [before, EVERY_REPORTED],
        )
        cursor.execute(
            "INSERT INTO comments_moderationevent"
            " (comment_id, action, reason, signals, before, created_at)"
            " SELECT id, 'approved', '', '[]', '{}', created_at"
            " FROM comments_comment WHERE shown AND id > %s AND id %% %s = 1",
            [before, EVERY_DECIDED],
        )


def _place(number: str) -> str:
    """`tree.path_for` of a root, in SQL."""
    octets = f"ltrim(int8send({number})::bytea, '\\x00'::bytea)"
    return f"set_byte('\\x00'::bytea, 0, octet_length({octets})) || {octets}"
