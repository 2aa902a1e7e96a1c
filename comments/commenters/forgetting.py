"""Forgetting a person of the conversation: her rows, and her words and names elsewhere.

`comments.personal` and the other apps' lists say what is done in which table. All of it can be
broken off anywhere and begun again: `Commenter.erase_asked_at` says that it is not finished.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from authors import erasures, naming, personal
from authors.models import Author, User
from authors.personal import GONE, LOT, Person
from blog.models import Article
from comments.commenters import citing
from comments.models import (
    Action,
    Appeal,
    Ban,
    Comment,
    Commenter,
    Delivery,
    DeliveryState,
    Edit,
    HeldMail,
    ModerationEvent,
    ReadyReason,
    Report,
    State,
)
from comments.moderation import log
from comments.moderation.states import decide
from comments.screening import bans, learning
from comments.thread import fragments, markup, plain_text, tree
from comments.thread.counters import lock_thread, visibility_changed

AT_ONCE = 50
"""A person with no more comments is erased while she waits; others by the worker."""
LABEL = Commenter._meta.label
_UNSENT = (DeliveryState.QUEUED, DeliveryState.COLLECTED)
_BLANK = {"subject": GONE, "body": "", "html": "", "headers": {}, "error": ""}
# The first key of the lock that one person is forgotten under.
_LOCK = 1518
_ANCHOR = re.compile(r"#comment-(\d{1,18})")


def ask(commenter: Commenter) -> int:
    """Note that the person is to be forgotten, and do it unless that takes long.

    Gives the number of her comments. What is not done now, or was broken off, the worker does.
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
    """Finish forgetting the commenter of that number; nothing when that is done, or being done."""
    commenter = Commenter.objects.filter(pk=number).first()
    if commenter is not None:
        forget(commenter)


def take_up() -> None:
    """Queue what was asked for and is not done: a process was killed at it."""
    asked = Commenter.objects.filter(erase_asked_at__isnull=False).order_by("pk")
    for number in asked.values_list("pk", flat=True)[:20]:
        go_on.enqueue(number)


@contextmanager
def _alone(number: int) -> Iterator[bool]:
    """Whether nobody else is forgetting that person now; nobody begins in here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number % 2**31])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone and not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number % 2**31])


def written(commenter: Commenter) -> QuerySet[Comment]:
    """The person's comments that still say something; not what she wrote after she asked."""
    rows = Comment.objects.filter(commenter=commenter).exclude(source="", name=GONE)
    asked = commenter.erase_asked_at
    return rows.exclude(created_at__gt=asked) if asked else rows


def person_of(commenter: Commenter) -> Person:
    """By what the person is found: rows, addresses, and the names that are hers alone."""
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
    """Forget the person in every table; her row goes last.

    Each comment, and each lot of other rows, is a transaction of its own. Does nothing while it is
    being done elsewhere.
    """
    with _alone(commenter.pk) as alone:
        if not alone:
            return
        personal.erase(person_of(commenter))
        with transaction.atomic():
            # No comment can come in with her row any more.
            same = Commenter.objects.select_for_update().filter(pk=commenter.pk)
            if same.first() is not None:
                _empty_all(list(written(commenter).values_list("pk", flat=True)))
                same.delete()


# -- what she wrote --------------------------------------------------------------------------------


def comments_empty(_row: object, person: Person) -> None:
    """Make every comment of the person an empty place."""
    commenter = Commenter.objects.filter(pk=person.rows.get(LABEL, 0)).first()
    while commenter is not None and (
        numbers := list(written(commenter).order_by("pk").values_list("pk", flat=True)[:LOT])
    ):
        _empty_all(numbers)


def _empty_all(numbers: list[int]) -> None:
    """Empty some comments, and what the desk's own history calls them."""
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
    row = _locked(number)
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
    about.filter(state__in=_UNSENT).update(state=DeliveryState.DROPPED)
    about.update(**_BLANK)
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


def _locked(number: int) -> Comment | None:
    """The comment with those above it locked; None when it is gone."""
    found = Comment.objects.filter(pk=number).first()
    try:
        return lock_thread(found) if found else None
    except KeyError:
        return None


def _ready() -> frozenset[str]:
    """Reasons that say nothing of anybody: they were made for everybody."""
    return frozenset(ReadyReason.objects.values_list("words", flat=True))


# -- what others wrote -----------------------------------------------------------------------------


def others_settle(_row: object, person: Person) -> None:
    """Take the person's words and names out of what others wrote where she spoke, too."""
    commenter = Commenter.objects.filter(pk=person.rows.get(LABEL, 0)).first()
    if commenter is None:
        return
    homes = written(commenter).order_by("article").values_list("article", flat=True).distinct()
    for home in list(homes):
        conversation = _Conversation(home, commenter)
        for number in _holding((*_QUOTING, *person.marks), commenter, article=home):
            _settle(number, conversation, person)
    for number in _holding(person.unnamed.marks, commenter):
        _settle(number, None, person)


class _Conversation:
    """What one person said under an article, and who else may have said it."""

    def __init__(self, home: int, commenter: Commenter) -> None:
        self.others = Comment.objects.filter(
            Q(commenter=None) | ~Q(commenter=commenter), article=home
        )
        self.texts: dict[int, list[str]] = {}
        own = written(commenter).filter(article=home).order_by("pk")
        for pk, source, html in own.values_list("pk", "source", "html").iterator(LOT):
            self.texts[pk] = [source, markup.plain_text(html)]
        for pk, source in Edit.objects.filter(comment__in=own).values_list("comment", "source"):
            self.texts.setdefault(pk, []).append(source)
        # What the article says is nobody's in its conversation.
        self.known = citing.Said()
        article = Article.objects.filter(pk=home).values_list("title", "lead", "body_text")
        self.known.add(text for row in article for text in row)
        self.far, self.waiting = citing.Said(), sorted(self.texts, reverse=True)

    def is_hers(self, row: Comment) -> Callable[[str], bool]:
        """Says of a text in `row` whether it quotes her; rows are asked for in their order.

        Below a comment of hers it does when she said it there. Elsewhere when nobody else did
        before: who copies another's words does not take them out of what others quote of him.
        """
        near = citing.Said()
        for number in tree.ids_of(row.path)[:-1]:
            near.add(self.texts.get(number, ()), known=self.known)
        while self.waiting and self.waiting[-1] < row.pk:
            self.far.add(self.texts[self.waiting.pop()], known=self.known)

        def decide(text: str) -> bool:
            if near.holds(text, answering=row.parent_id in self.texts):
                return True
            if not self.far.holds(text, answering=False):
                return False
            start = " ".join(text.split())[:60]
            return not self.others.filter(pk__lt=row.pk, source__icontains=start).exists()

        return decide


_QUOTING = (">", '"', "“", "„", "«")


def _holding(texts: Sequence[str], commenter: Commenter, **where: int) -> list[int]:
    """Others' comments, of some place or everywhere, in which one of `texts` stands."""
    others = Comment.objects.filter(Q(commenter=None) | ~Q(commenter=commenter), **where)
    numbers: set[int] = set()
    for start in range(0, len(texts), 50):
        found = Q()
        for text in texts[start : start + 50]:
            edits = Edit.objects.filter(comment=OuterRef("pk"), source__icontains=text)
            found |= Q(source__icontains=text) | Q(reason__icontains=text) | Q(Exists(edits))
        numbers.update(others.filter(found).values_list("pk", flat=True))
    return sorted(numbers)


@transaction.atomic
def _settle(number: int, conversation: _Conversation | None, person: Person) -> None:
    """Take her words, address and name out of one comment of somebody else.

    The name only where it is she who is spoken to or quoted: elsewhere it is the other's word.
    """
    row = _locked(number)
    if row is None:
        return
    with translation.override(row.language):
        note = _("[quotation removed]")
    is_hers = conversation.is_hers(row) if conversation else None
    answers = conversation is not None and row.parent_id in conversation.texts

    def settled(source: str) -> str:
        fresh = citing.without(source, is_hers, note) if is_hers else source
        return str((person if answers or fresh != source else person.unnamed).without(fresh))

    for edit in row.edits.all():
        if (fresh := settled(edit.source)) != edit.source:
            Edit.objects.filter(pk=edit.pk).update(source=fresh)
    fresh, reason = settled(row.source), str(person.without(row.reason))
    if (fresh, reason) == (row.source, row.reason):
        return
    before = plain_text.words_of(row)
    row.reason, row.source, row.html = reason, fresh, str(markup.render(fresh, bounded=False))
    fragments.refresh(row)
    row.save(update_fields=["reason", "source", "html", *fragments.FIELDS])
    mails_reword(Delivery.objects.filter(comment=row), {before: plain_text.words_of(row)}, person)
    if row.shown:
        visibility_changed(row, by=0)
    learning.learn_anew(row)


# -- mails -----------------------------------------------------------------------------------------


def mails_settle(_row: object, person: Person) -> None:
    """Take the person out of mails to others that tell of her comments among other things."""
    number = person.rows.get(LABEL)
    if number is None:
        return
    others = Delivery.objects.filter(comment=None, body__contains="#comment-")
    for pk, body in others.exclude(commenter=number).values_list("pk", "body").iterator(LOT):
        named = {int(found) for found in _ANCHOR.findall(body)}
        hers = Comment.objects.filter(pk__in=named, commenter=number).exclude(source="")
        told = {plain_text.words_of(one): "[…]" for one in hers.select_related("article")}
        if told:
            names = frozenset(hers.values_list("name", flat=True))
            mails_reword(
                Delivery.objects.filter(pk=pk),
                told,
                Person(rows={}, addresses=person.addresses, names=person.names | names),
            )


def held_mails_settle(_row: object, person: Person) -> None:
    """Delete the mails that wait beside a comment and quote one of the person's, or are hers."""
    number = person.rows.get(LABEL)
    if number is not None:
        answers = Q(comment__parent__commenter=number) | Q(comment__commenter=number)
        HeldMail.objects.filter(answers).delete()


@transaction.atomic
def mails_reword(mails: QuerySet[Delivery], words: dict[str, str], person: Person) -> None:
    """Empty those of `mails` that went out; give the others the new `words` for the old ones.

    They go out as plain text then. Locks the mails.
    """
    mails.exclude(state__in=_UNSENT).update(**_BLANK)
    for one in mails.filter(state__in=_UNSENT).select_for_update(of=("self",)):
        for old, fresh in words.items():
            if old:
                one.body = one.body.replace(old, fresh)
        one.body, one.html = person.without(one.body), ""
        one.subject, one.headers = person.without(one.subject), person.without(one.headers)
        one.save(update_fields=["subject", "body", "html", "headers"])


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
    """Take out who reported, and what she said with it."""
    for address in person.addresses:
        Report.objects.filter(email__iexact=address).update(email="", note="", client=None)
    personal.scrub(Report.objects.all(), ("note",), person)


def account_settle(_row: object, person: Person) -> None:
    """With an account goes what its owner said in the conversation."""
    user = person.rows.get(User._meta.label)
    for commenter in Commenter.objects.filter(user=user) if user else ():
        forget(commenter)
