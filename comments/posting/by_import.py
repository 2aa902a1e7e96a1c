"""Conversations brought in many at a time, with their own times and states."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from authors.models import Author
from blog.models import Article
from blog.publishing import conversation_lock
from comments.models import Comment, Commenter, Origin, State, Trust
from comments.thread import markup, tree
from comments.thread.counters import count_many, lock_thread, visibility_changed
from core.language import language_of


class Place(NamedTuple):
    """Where a stored comment is."""

    pk: int
    path: bytes


@dataclass(frozen=True, slots=True)
class Home:
    """What a comment needs of its article: where its conversation is, and who wrote it."""

    article: int
    conversation: int
    language: str
    version: int
    bylines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A comment from elsewhere; `parent` is stored, or an earlier row of the same call.

    `source` has been through `markup.clean_source`; `html` is its markup, if that is made already.
    """

    home: Home
    parent: Place | int | None
    name: str
    source: str
    created_at: datetime.datetime
    author: int | None = None
    # Of the person behind it, in lower case; made known here by it, when nobody has it yet.
    email: str = ""
    state: State = State.APPROVED
    website: str = ""
    language: str = ""
    reason: str = ""
    origin: Origin = Origin.IMPORT
    client: bytes | None = None
    edited_at: datetime.datetime | None = None
    html: str = ""


def home_of(article: Article) -> Home:
    """What comments under `article` need of it."""
    return Home(
        article=article.pk,
        conversation=article.conversation_id or article.pk,
        language=article.language,
        version=article.version,
        bylines=frozenset(link.author_id for link in article.article_authors.all()),
    )


@transaction.atomic
def comments_store(rows: Sequence[Incoming], *, trust_approved: bool = False) -> list[Place]:
    """Store comments, counted, in this order; nobody is told, fragments are made when first read.

    Sources may be longer than what is posted here; they are rendered as any other. With
    `trust_approved` who had a comment approved elsewhere is known here, too; otherwise a person is
    known once they confirm their address. Takes the conversation lock, then row locks as every
    writer does: people, the comments that gain replies, root first, and the articles last. The
    caller found `home` and `parent` while holding the conversation lock.
    """
    conversation_lock.to_write()
    people = _people(rows, trust_approved)
    answered = {
        n for row in rows if isinstance(row.parent, Place) for n in tree.ids_of(row.parent.path)
    }
    if answered:
        locked = Comment.objects.select_for_update().filter(pk__in=answered).order_by("path")
        list(locked.values_list("pk"))
    numbers = _numbers(len(rows))
    places: list[Place] = []
    made: dict[int, dict[str, Any]] = {}
    below: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    touched: set[int] = set()
    for number, row in zip(numbers, rows, strict=True):
        parent = places[row.parent] if isinstance(row.parent, int) else row.parent
        path = tree.attach(parent.path if parent else b"", number)
        made[number] = _columns(row, number, parent, path, people.get(row.email))
        places.append(Place(number, path))
        touched.add(row.home.conversation)
        if row.state == State.APPROVED:
            counts[row.home.conversation] += 1
            below.update(tree.ids_of(path)[:-1])
    for number in list(below):
        if number in made:
            row_of = made[number]
            row_of["descendant_count"] = row_of["rank"] = below.pop(number)
            row_of["shown"], row_of["state"] = True, _keeps(row_of["state"])
    copy_in(Comment, made.values())
    _count(below, counts, touched)
    return places


def _columns(
    row: Incoming, number: int, parent: Place | None, path: bytes, commenter: int | None
) -> dict[str, Any]:
    """The values of a comment's row by the names of their columns."""
    return {
        "id": number,
        "article_id": row.home.conversation,
        "parent_id": parent.pk if parent else None,
        "path": path,
        "depth": tree.depth_of(path),
        "author_id": row.author,
        "commenter_id": commenter,
        "by_article_author": row.author in row.home.bylines,
        "name": row.name,
        "website": row.website,
        "source": row.source,
        "html": row.html or markup.render_clean(row.source, bounded=False),
        "language": row.language or language_of(row.source, row.home.language),
        "state": row.state,
        "shown": row.state in (State.APPROVED, State.REMOVED),
        "reason": row.reason,
        "article_version": row.home.version,
        "origin": row.origin,
        "client": row.client,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
    }


def _people(rows: Sequence[Incoming], trust_approved: bool) -> dict[str, int]:
    """Numbers of the people behind addresses, made where needed."""
    wanted: dict[str, Incoming] = {}
    for row in rows:
        if not row.email or row.author is not None:
            continue
        if row.email not in wanted or row.state == State.APPROVED:
            wanted[row.email] = row
    if not wanted:
        return {}
    found = dict(Commenter.objects.filter(email__in=wanted).values_list("email", "pk"))
    if len(found) == len(wanted):
        return {email: number for email, number in found.items() if email}
    Commenter.objects.bulk_create(
        [
            Commenter(
                email=email,
                name=row.name[:60],
                website=row.website,
                language=row.language or row.home.language,
                trust=Trust.KNOWN if trust_approved and row.state == State.APPROVED else Trust.NEW,
            )
            # In one order, so that two that store people do not wait for each other in a circle.
            for email, row in sorted(wanted.items())
            if email not in found
        ],
        ignore_conflicts=True,
    )
    known = Commenter.objects.filter(email__in=wanted).values_list("email", "pk")
    return {email: number for email, number in known if email}


def _keeps(state: State) -> State:
    """What was answered keeps an empty place, or its replies would hang in the air."""
    return State.REMOVED if state == State.REJECTED else state


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('comments_comment', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return sorted(int(row[0]) for row in cursor.fetchall())


_COUNT_BELOW = """
UPDATE comments_comment c
SET descendant_count = descendant_count + v.n, rank = rank + v.n, shown = true,
    state = CASE WHEN state = 'rejected' THEN 'removed' ELSE state END
FROM unnest(%s::bigint[], %s::integer[]) AS v (id, n) WHERE c.id = v.id
"""


def _count(below: Counter[int], counts: Counter[int], touched: set[int]) -> None:
    """Bring the numbers of stored comments, which are locked, and of articles up to what was added.

    What was answered keeps its place (`_keeps`).
    """
    if below:
        ids = sorted(below)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_BELOW, [ids, [below[number] for number in ids]])
    count_many({number: counts[number] for number in touched})


@transaction.atomic
def comment_renew(*, number: int, source: str, name: str, website: str, state: State) -> Comment:
    """Let a stored comment say what its source says by now, with its counters.

    Locks the comments above it, then the article. Tells nobody.
    """
    comment = lock_thread(Comment.objects.get(pk=number))
    was_counted = comment.state == State.APPROVED
    comment.source = markup.clean_source(source)
    comment.html = markup.render(comment.source, bounded=False)
    comment.language = language_of(comment.source, comment.language)
    comment.name, comment.website, comment.state = name, website, state
    comment.shown = state in (State.APPROVED, State.REMOVED)
    if comment.descendant_count:
        comment.shown, comment.state = True, _keeps(state)
    comment.fragment_release = ""
    text = ("source", "html", "language", "fragment_release")
    comment.save(update_fields=[*text, "name", "website", "state", "shown"])
    # Answers to it say whom they answer.
    Comment.objects.filter(parent=comment).update(fragment_release="")
    visibility_changed(comment, by=int(comment.state == State.APPROVED) - int(was_counted))
    return comment


def copy_in(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Store new rows by PostgreSQL's COPY: three times as fast as INSERT.

    A row holds values by the name of their column; what it leaves out takes the model's default.
    """
    blank = model()
    columns: dict[str, str] = {
        str(field.column): _field(getattr(blank, field.attname))
        for field in model._meta.concrete_fields
        if not field.generated and not (field.primary_key and model is not Comment)
    }
    text = StringIO()
    for row in rows:
        values = [_field(row[name]) if name in row else blank for name, blank in columns.items()]
        text.write("\t".join(values))
        text.write("\n")
    text.seek(0)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', text)


_SPECIAL = re.compile(r"[\\\n\t\r\0]")


def _field(value: Any) -> str:
    if isinstance(value, str):
        if not _SPECIAL.search(value):
            return value
        # `translate` costs ten times as much.
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
        return str(value.replace("\r", "\\r").replace("\0", ""))
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return _field(json.dumps(value))
    return str(value)


@dataclass(frozen=True)
class ImportedComment:
    """A comment of one thread; `key` and `parent` tell its place, parents come first."""

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


def thread_import(*, article: Article, items: Sequence[ImportedComment]) -> int:
    """Store `items` under `article` and count them; gives how many there were.

    Raises KeyError when a parent does not come before its replies.
    """
    home = home_of(article)
    turns: dict[str, int] = {}
    rows = []
    for turn, item in enumerate(items):
        rows.append(
            Incoming(
                home=home,
                parent=turns[item.parent] if item.parent else None,
                name=item.name,
                source=markup.clean_source(item.source),
                created_at=item.created_at,
                author=item.author.pk if item.author else None,
                state=item.state,
                website=item.website,
                language=item.language,
                reason=item.reason,
            )
        )
        turns[item.key] = turn
    return len(comments_store(rows))
