"""Taking a person who is forgotten out of what others wrote, and out of mails to them.

Their words where they are quoted, their name where they are spoken to; all else is the others'
own text. `comments.personal` says when this is done beside `comments.commenters.forgetting`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from authors.personal import LOT, Person
from blog.models import Article
from comments.commenters import citing
from comments.commenters.forgetting import BLANK, LABEL, UNSENT, locked, written
from comments.models import Comment, Commenter, Delivery, Edit, HeldMail, MailKind
from comments.screening import learning
from comments.thread import fragments, markup, plain_text, tree
from comments.thread.counters import visibility_changed

_ANCHOR = re.compile(r"#comment-(\d{1,18})")


def others_settle(_row: object, person: Person) -> None:
    """Take the person's words and names out of what others wrote where they spoke, too."""
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
            self.texts[pk] = [source, plain_text.text_of(html)]
        for pk, source in Edit.objects.filter(comment__in=own).values_list("comment", "source"):
            self.texts.setdefault(pk, []).append(source)
        # What the article says is nobody's in its conversation.
        self.known = citing.Said()
        article = Article.objects.filter(pk=home).values_list("title", "lead", "body_text")
        self.known.add(text for row in article for text in row)
        self.far, self.waiting = citing.Said(), sorted(self.texts, reverse=True)

    def is_hers(self, row: Comment) -> Callable[[str], bool]:
        """Says of a text in `row` whether it quotes them; rows are asked for in their order.

        Below a comment of theirs it does when they said it there. Elsewhere when nobody else did
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
    """Take their words, address and name out of one comment of somebody else.

    The name only where it is they who is spoken to or quoted: elsewhere it is the other's word.
    """
    row = locked(number)
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
    before = _told(row)
    row.reason, row.source, row.html = reason, fresh, str(markup.render(fresh, bounded=False))
    fragments.refresh(row)
    row.save(update_fields=["reason", "source", "html", *fragments.FIELDS])
    fresh_words = dict(zip(before, _told(row), strict=True))
    mails_reword(Delivery.objects.filter(_quoting(comment=row)), fresh_words, person)
    if row.shown:
        visibility_changed(row, by=0)
    learning.learn_anew(row)


def _told(comment: Comment) -> tuple[str, str]:
    """How mails give the words of a comment: on lines of its own, and on one where it is
    answered."""
    return plain_text.words_of(comment), plain_text.line_of(comment)


def _quoting(**of: Any) -> Q:
    """The mails about comments, and those to moderators about answers to them."""
    answers = {f"comment__parent{name.removeprefix('comment')}": row for name, row in of.items()}
    return Q(**of) | Q(kind=MailKind.HELD, **answers)


def mails_settle(_row: object, person: Person) -> None:
    """Take the person out of mails to others that tell of their comments among other things."""
    number = person.rows.get(LABEL)
    if number is None:
        return
    others = Delivery.objects.filter(
        Q(comment=None, body__contains="#comment-")
        | Q(kind=MailKind.HELD, comment__parent__commenter=number)
    )
    columns = ("pk", "body", "comment__parent")
    for pk, body, parent in others.exclude(commenter=number).values_list(*columns).iterator(LOT):
        named = {int(found) for found in _ANCHOR.findall(body)} | {parent or 0}
        # Mails to moderators about several comments say what these answer.
        there = Q(pk__in=named) | Q(replies__in=named)
        hers = Comment.objects.filter(there, commenter=number).exclude(source="").distinct()
        told = {words: "[…]" for one in hers.select_related("article") for words in _told(one)}
        if told:
            names = frozenset(hers.values_list("name", flat=True))
            mails_reword(
                Delivery.objects.filter(pk=pk),
                told,
                Person(rows={}, addresses=person.addresses, names=person.names | names),
            )


def held_mails_settle(_row: object, person: Person) -> None:
    """Delete the mails that wait beside a comment and quote one of the person's, or are theirs."""
    number = person.rows.get(LABEL)
    if number is not None:
        answers = Q(comment__parent__commenter=number) | Q(comment__commenter=number)
        HeldMail.objects.filter(answers).delete()


@transaction.atomic
def mails_reword(mails: QuerySet[Delivery], words: dict[str, str], person: Person) -> None:
    """Empty those of `mails` that went out; give the others the new `words` for the old ones.

    They go out as plain text then. Locks the mails.
    """
    mails.exclude(state__in=UNSENT).update(**BLANK)
    for one in mails.filter(state__in=UNSENT).select_for_update(of=("self",)):
        for old, fresh in words.items():
            if old:
                one.body = one.body.replace(old, fresh)
        one.body, one.html = person.without(one.body), ""
        one.subject, one.headers = person.without(one.subject), person.without(one.headers)
        one.save(update_fields=["subject", "body", "html", "headers"])
