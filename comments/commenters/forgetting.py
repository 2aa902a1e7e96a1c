"""Erases a commenter: what they wrote, their bans, their row.

What others quote of them is taken out in `comments.commenters.others_words`.

`comments.personal` and the other apps' lists say what is done in which table. All of it can be
broken off anywhere and begun again: `Commenter.erase_asked_at` says that it is not finished.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from authors import erasures, naming, personal
from authors.models import Author, User
from authors.personal import GONE, LOT, Person
from comments.models import (
    Action,
    Appeal,
    Ban,
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    ModerationEvent,
    ReadyReason,
    Report,
    State,
)
from comments.moderation import log
from comments.moderation.states import decide
from comments.screening import bans, learning
from comments.thread import fragments
from comments.thread.counters import lock_thread, visibility_changed
from core.locks import Lock, alone

AT_ONCE = 50
"""A person with no more comments is erased while they wait; others by the worker."""
LABEL = Commenter._meta.label
UNSENT = (DeliveryState.QUEUED, DeliveryState.COLLECTED)
"""States of mails that go out yet."""
BLANK = {"subject": GONE, "body": "", "html": "", "headers": {}, "error": ""}
"""A mail that says nothing any more."""


def ask(commenter: Commenter) -> int:
    """Request the erasure of a person; done at once unless it takes long.

    Gives the number of their comments. What is not done now, or was broken off, the worker does.
    """
    erasures.note("commenter", commenter.pk, commenter.created_at)
    count = written(commenter).count()
    commenter.erase_asked_at = timezone.now()
    with transaction.atomic():
        commenter.save(update_fields=["erase_asked_at"])
        if count > AT_ONCE:
            go_on.enqueue(commenter.pk)
    if count <= AT_ONCE:
        forget(commenter)
    return count


@task()
def go_on(number: int) -> None:
    """Continue the erasure of a commenter; skips one that is done or locked."""
    commenter = Commenter.objects.filter(pk=number).first()
    if commenter is not None:
        forget(commenter)


def take_up() -> None:
    """Queue unfinished erasures."""
    asked = Commenter.objects.filter(erase_asked_at__isnull=False).order_by("pk")
    for number in asked.values_list("pk", flat=True)[:20]:
        go_on.enqueue(number)


def written(commenter: Commenter) -> QuerySet[Comment]:
    """The person's comments that still say something; not what they wrote after they asked."""
    rows = Comment.objects.filter(commenter=commenter).exclude(source="", name=GONE)
    asked = commenter.erase_asked_at
    return rows.exclude(created_at__gt=asked) if asked else rows


def person_of(commenter: Commenter) -> Person:
    """By what the person is found: rows, addresses, and the names that are theirs alone."""
    shown = Comment.objects.filter(commenter=commenter).order_by()
    names = {commenter.name, *shown.values_list("name", flat=True).distinct()}
    return Person(
        rows={LABEL: commenter.pk},
        addresses=frozenset(filter(None, [commenter.address])),
        names=frozenset(_unshared({name.strip() for name in names}, commenter)),
    )


def _unshared(names: Iterable[str], commenter: Commenter) -> set[str]:
    """Those of `names` that tell who is meant, and are nobody else's."""
    telling = [name for name in names if personal.telling(name)]
    others = Q(commenter=None) | ~Q(commenter=commenter)
    if not telling:
        return set()
    # Found however they are spelt, they are others' however these spell them.
    marks = Person(rows={}, names=frozenset(telling)).marks
    same = functools.reduce(operator.or_, (Q(name__icontains=mark) for mark in marks))
    taken = {
        *Author.objects.filter(same).values_list("name", flat=True),
        *Commenter.objects.filter(same).exclude(pk=commenter.pk).values_list("name", flat=True),
        *Comment.objects.filter(same, others).values_list("name", flat=True),
    }
    words = {naming.words_of(name) for name in taken}
    return {name for name in telling if naming.words_of(name) not in words}


def forget(commenter: Commenter) -> None:
    """Forget the person in every table; their row goes last.

    Each comment, and each batch of other rows, is a transaction of its own. Does nothing while
    another process is at it.
    """
    with alone(Lock.PERSON, str(commenter.pk)) as free:
        if not free:
            return
        personal.erase(person_of(commenter))
        with transaction.atomic():
            # No comment can come in with their row any more.
            same = Commenter.objects.select_for_update().filter(pk=commenter.pk)
            if same.first() is not None:
                _empty_all(list(written(commenter).values_list("pk", flat=True)))
                same.delete()


# -- what they wrote -------------------------------------------------------------------------------


def comments_empty(_row: object, person: Person) -> None:
    """Make every comment of the person an empty place."""
    commenter = Commenter.objects.filter(pk=person.rows.get(LABEL, 0)).first()
    while commenter is not None and (
        numbers := list(written(commenter).order_by("pk").values_list("pk", flat=True)[:LOT])
    ):
        _empty_all(numbers)


def _empty_all(numbers: list[int]) -> None:
    """Empty some comments, and what the admin's own history calls them."""
    personal.history_forget(Comment, numbers)
    for model in (Appeal, Report, Delivery):
        about = model._default_manager.filter(comment__in=numbers)
        personal.history_forget(model, about.values_list("pk", flat=True))
    for number in numbers:
        empty(number)


@transaction.atomic
def empty(number: int) -> None:
    """Make one comment an empty place: its words, its history, what was said and learnt of it.

    One that was deleted meanwhile is fine. Locks the comments above it, then its answers, then the
    article, last the filter's words.
    """
    row = locked(number)
    if row is None:
        return
    # Answers to it say whom they answer; locked before the article is.
    replies = list(
        Comment.objects.filter(parent=row)
        .select_related("article")
        .order_by("path")
        .select_for_update(of=("self",))
    )
    row.edits.all().delete()
    ready = _ready()
    log.words_erase(comment=row, ready=ready)
    Report.objects.filter(comment=row).update(note="")
    about = Delivery.objects.filter(comment=row)
    about.filter(state__in=UNSENT).update(state=DeliveryState.DROPPED)
    about.update(**BLANK)
    row.name, row.website, row.source, row.html = GONE, "", "", ""
    row.client = row.posting_key = row.foreign_id = row.seconds = None
    row.featured_at = row.credited_at = row.quote_gone_at = None
    row.reason = row.reason if row.reason in ready else ""
    fields = ("name", "website", "source", "html", "client", "posting_key", "foreign_id", "seconds")
    marks = ("featured_at", "credited_at", "quote_gone_at", "reason")
    fragments.refresh(row)
    row.save(update_fields=[*fields, *marks, *fragments.FIELDS])
    for reply in replies:
        reply.parent = row
        fragments.refresh(reply)
        reply.save(update_fields=list(fragments.FIELDS))
    living = (State.PENDING, State.APPROVED)
    if row.state in living:
        decide(row, None, State.DELETED, Action.DELETED, "", living)
    elif row.shown:
        visibility_changed(row, by=0)
    learning.forget(row)


def locked(number: int) -> Comment | None:
    """The comment with those above it locked; None when it is gone."""
    found = Comment.objects.filter(pk=number).first()
    try:
        return lock_thread(found) if found else None
    except KeyError:
        return None


def _ready() -> frozenset[str]:
    """Reasons that say nothing of anybody: they were made for everybody."""
    return frozenset(ReadyReason.objects.values_list("words", flat=True))


# -- bans, the log, accounts -----------------------------------------------------------------------


def bans_settle(_row: object, person: Person) -> None:
    """Let a ban outlive the wish to be forgotten, without name or address: as a keyed mark."""
    number = person.rows.get(LABEL)
    addresses = [address.lower() for address in person.addresses]
    hers = Q(email__in=addresses) | (Q(commenter=number) if number else Q())
    ready = _ready()
    for ban in Ban.objects.filter(hers) if addresses or number else ():
        with transaction.atomic():
            over = ban.until is not None and ban.until <= timezone.now()
            with log.opened():
                ModerationEvent.objects.filter(before__ban=ban.pk).exclude(reason__in=ready).update(
                    reason=""
                )
            personal.history_forget(Ban, [ban.pk])
            # A pattern for many addresses names nobody.
            pattern = ban.email if "*" in ban.email else ""
            marks = [bans.address_mark(address) for address in addresses]
            if over or not (marks or pattern or ban.network):
                ban.delete()
                continue
            Ban.objects.filter(pk=ban.pk).update(
                commenter=None,
                email=pattern,
                mark=marks[0] if marks else None,
                reason=ban.reason if ban.reason in ready else "",
            )


def events_settle(row: personal.Kept, person: Person) -> None:
    """Take the person's name out of decisions about others' comments."""
    with log.opened():
        personal.scrub(ModerationEvent.objects.all(), row.columns, person)


def reports_settle(row: personal.Kept, person: Person) -> None:
    """Take out who reported, and what they said with it."""
    for address in person.addresses:
        Report.objects.filter(email__iexact=address).update(email="", note="", client=None)
    personal.scrub(Report.objects.all(), ("note",), person)


def account_settle(_row: object, person: Person) -> None:
    """With an account goes what its owner said in the conversation."""
    user = person.rows.get(User._meta.label)
    for commenter in Commenter.objects.filter(user=user) if user else ():
        forget(commenter)
