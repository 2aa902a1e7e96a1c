"""Updates names, author badges and photos in comments after a person or byline changed.

The name and the badge stand in the comment's row and its fragment, the photo of an author in the
fragment, and the name in the fragments of its answers. The worker brings them up to date, some
hundred comments at a time; fragments are marked as stale and made anew when they are next read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django_tasks import task

from authors.models import Author, User
from blog.models import ArticleAuthor
from blog.publishing import conversation_lock
from comments.models import Comment
from comments.thread import fragments
from comments.thread.counters import count_many

BATCH = 300


def renamed(sender: Any, *, person: Author | User, before: str, **_more: Any) -> None:
    """Leave the name to the worker; receives `authors.signals.renamed`."""
    if _named(person, before).exists():
        names_renew.enqueue(type(person).__name__, person.pk, before)


def bylines_changed(sender: Any, *, authors: Iterable[int], **_more: Any) -> None:
    """Leave the badges to the worker; receives `blog.signals.bylines_changed`."""
    for number in authors:
        if _misjudged(number).exists():
            badges_renew.enqueue(number)


def photo_changed(sender: Any, *, author: int, **_more: Any) -> None:
    """Leave the photo to the worker; receives `authors.signals.photo_changed`."""
    if _with_other_photo(author).exists():
        photos_renew.enqueue(author)


@task()
def names_renew(kind: str, number: int, before: str) -> None:
    """Let the comments that a person wrote under the name `before` bear the name of today."""
    model: Any = {"Author": Author, "User": User}[kind]
    person = model.objects.filter(pk=number).first()
    if person is None:
        return
    name = person.name if isinstance(person, Author) else person.shown_name
    if name[:80] != before:
        while _renew(_named(person, before), name=name[:80]):
            pass


@task()
def badges_renew(number: int) -> None:
    """Let the comments of an author say whether they wrote the article above them."""
    while _renew(_misjudged(number), by_article_author=_wrote_it()):
        pass


@task()
def photos_renew(number: int) -> None:
    """Let the comments of an author show the photo of today."""
    while _renew(_with_other_photo(number)):
        pass


def _with_other_photo(number: int) -> QuerySet[Comment]:
    """The author's comments whose stored fragments show another photo than today's."""
    rows = Comment.objects.filter(author=number, by_article_author=True).exclude(
        fragment_release=""
    )
    author = Author.objects.filter(pk=number).first()
    today = fragments.photo(author) if author else ""
    return (
        rows.exclude(fragment__contains=today)
        if today
        else rows.filter(fragment__contains=fragments.PHOTO_CLASS)
    )


def _named(person: Author | User, name: str) -> QuerySet[Comment]:
    """The person's comments under that name; what was imported under another keeps it."""
    if isinstance(person, Author):
        return Comment.objects.filter(author=person, name=name)
    return Comment.objects.filter(commenter__user=person, author=None, name=name)


def _wrote_it() -> Exists:
    # Under articles that translate each other the authors of each count.
    above = Q(article=OuterRef("article")) | Q(article__conversation=OuterRef("article"))
    return Exists(ArticleAuthor.objects.filter(above, author=OuterRef("author")))


def _misjudged(number: int) -> QuerySet[Comment]:
    rows = Comment.objects.filter(author=number)
    judged = rows.annotate(judged=ExpressionWrapper(_wrote_it(), BooleanField()))
    return judged.exclude(by_article_author=F("judged"))


@transaction.atomic
def _renew(rows: QuerySet[Comment], **changes: Any) -> int:
    """Store `changes` in some of the `rows` and let them be read anew; gives how many.

    Locks as every writer: comments from the root down, the articles last.
    """
    conversation_lock.to_write()
    locked = rows.select_for_update(of=("self",)).order_by("path")
    found = dict(locked.values_list("pk", "article")[:BATCH])
    if not found:
        return 0
    Comment.objects.filter(pk__in=found).update(fragment_release="", **changes)
    # Answers say whom they answer.
    Comment.objects.filter(parent__in=found).update(fragment_release="")
    count_many(Counter(dict.fromkeys(found.values(), 0)))
    return len(found)
