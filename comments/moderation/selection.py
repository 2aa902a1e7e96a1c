"""Which comments a page of the moderation queue shows: its parts, filters and orders; counts.

A queue of any length is read along indexes, a page at a time, and counted up to a thousand.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import Author, User
from blog.models import Article
from comments.models import Appeal, Comment, Outcome, SignalKind, State
from comments.models.comment import CommentQuerySet
from comments.screening import spam
from core.sorting import AlphabeticalOrder
from core.text import number_of

PAGE = 20
MOST = 1000
"""So far the queue is counted."""
_RECENT = 100
_PLACES = 500
# Up to here a comment hardly looks like spam.
_LITTLE = 0.5


class Tab(models.TextChoices):
    """The parts of the queue."""

    HELD = "held", _("Held")
    SUSPECT = "suspect", _("Looks like spam")
    REPORTED = "reported", _("Reported")
    APPEALS = "appeals", _("Appeals")
    RECENT = "recent", _("Recent")
    SPAM = "spam", _("Spam")
    ALL = "all", _("All")


TO_DECIDE = (Tab.HELD, Tab.SUSPECT, Tab.REPORTED, Tab.APPEALS)
"""The parts that are work, in which the order can be chosen."""


class QueueOrder(models.TextChoices):
    """What comes first."""

    AGE = "age", _("what waits longest")
    NEWEST = "newest", _("the newest")
    SCORE = "score", _("what looks most like spam")
    REPORTS = "reports", _("what was reported most")
    REACH = "reach", _("the liveliest conversation")


_COLUMNS = {
    QueueOrder.SCORE: "score",
    QueueOrder.REPORTS: "report_weight",
    QueueOrder.REACH: "reach",
}


class Band(models.TextChoices):
    """How much the filters thought it to be spam."""

    LOW = "low", _("hardly like spam")
    MIDDLE = "middle", _("somewhat like spam")
    HIGH = "high", _("very much like spam")


_BANDS = {
    Band.LOW: Q(score__gte=0, score__lt=_LITTLE),
    Band.MIDDLE: Q(score__gte=_LITTLE, score__lt=spam.THRESHOLD),
    Band.HIGH: Q(score__gte=spam.THRESHOLD),
}
HOLDING = (
    SignalKind.EVERYONE, SignalKind.NO_ADDRESS, SignalKind.FIRST, SignalKind.BROWSER,
    SignalKind.FLOOD, SignalKind.LINKS, SignalKind.RULE, SignalKind.FILTER, SignalKind.AKISMET,
    SignalKind.REPORTS, SignalKind.MAIL, SignalKind.BLOCKED, SignalKind.SLOW_RULES,
)  # fmt: skip
"""The kinds of signals that hold a comment."""


class View(models.TextChoices):
    """How much of each comment a page shows."""

    FULL = "full", _("whole comments")
    COMPACT = "compact", _("one line each")


@dataclass(frozen=True)
class Choice:
    """Which part of the queue a page shows, and how; made of an address and put into one."""

    tab: Tab = Tab.HELD
    order: str = ""
    article: int = 0
    author: int = 0
    person: int = 0
    # All from the network that the comment of this number came from.
    network: int = 0
    language: str = ""
    reason: str = ""
    band: str = ""
    words: str = ""
    view: str = ""
    # Whether all of the page is chosen for one decision.
    every: bool = False
    after: int = 0

    @classmethod
    def of(cls, query: Any) -> Self:
        """The choice that a query string makes; what it does not understand counts for nothing."""

        def number(name: str) -> int:
            return number_of(query.get(name, ""))

        def one_of(name: str, known: Any) -> str:
            said = str(query.get(name, ""))
            return said if said in known else ""

        return cls(
            tab=Tab(one_of("tab", Tab.values) or Tab.HELD),
            order=one_of("order", QueueOrder.values),
            article=number("article"),
            author=number("author"),
            person=number("person"),
            network=number("network"),
            language=one_of("language", dict(settings.LANGUAGES)),
            reason=one_of("reason", {kind.value for kind in HOLDING}),
            band=one_of("band", Band.values),
            words=str(query.get("q", "")).replace("\0", "").strip()[:100],
            view=one_of("view", View.values),
            every=query.get("every") == "1",
            after=number("after"),
        )

    @property
    def sorted_by(self) -> QueueOrder:
        """The order of working: what waits longest first, elsewhere the newest."""
        if self.tab not in TO_DECIDE:
            return QueueOrder.NEWEST
        return QueueOrder(self.order or QueueOrder.AGE)

    @property
    def is_compact(self) -> bool:
        """Whether each comment is one line."""
        return self.view == View.COMPACT

    @property
    def is_filtered(self) -> bool:
        """Whether it is less than the whole of its part."""
        kept = {"tab", "order", "view", "every", "after"}
        return any(getattr(self, one.name) for one in fields(self) if one.name not in kept)

    def query(self, **changes: Any) -> str:
        """The query string of this choice, with some of it changed; no page but this is chosen."""
        changed = replace(self, **{"every": False, **changes})
        said = {one.name: getattr(changed, one.name) for one in fields(changed)}
        said["q"], said["every"] = said.pop("words"), int(changed.every)
        return urlencode({name: str(value) for name, value in said.items() if value})


def selected(user: User, choice: Choice) -> CommentQuerySet:
    """The comments that `choice` names and `user` moderates, in no order."""
    theirs = Comment.objects.moderated_by(user)
    # Everything that waits of one person or network stands together.
    whole = choice.tab == Tab.HELD and bool(choice.person or choice.network)
    found = theirs.filter(state=State.PENDING) if whole else _of_tab(theirs, choice.tab)
    if choice.article:
        found = found.filter(article=choice.article)
    if choice.author:
        found = found.filter(article__authors=choice.author)
    if choice.person:
        found = found.filter(commenter=choice.person)
    if choice.network:
        found = _from_network(found, theirs, choice.network)
    if choice.language:
        found = found.filter(language=choice.language)
    if choice.reason:
        found = found.filter(held_for__contains=[choice.reason])
    if choice.band:
        found = found.filter(_BANDS[Band(choice.band)])
    if choice.words:
        said = Q(name__icontains=choice.words) | Q(source__icontains=choice.words)
        # Nobody else finds a person by an address.
        if "@" in choice.words and access.is_moderator(user):
            said |= Q(commenter__email=choice.words.lower())
        found = found.filter(said)
    return found.order_by()


def _of_tab(comments: CommentQuerySet, tab: Tab) -> CommentQuerySet:
    match tab:
        case Tab.HELD | Tab.SUSPECT:
            return comments.filter(state=State.PENDING, suspect=tab == Tab.SUSPECT)
        case Tab.REPORTED:
            return comments.filter(report_weight__gt=0)
        case Tab.APPEALS:
            open_ones = Appeal.objects.filter(outcome=Outcome.OPEN)
            return comments.filter(pk__in=open_ones.values("comment"))
        case Tab.ALL:
            return comments
        case _:
            return comments.filter(state=State.SPAM if tab == Tab.SPAM else State.APPROVED)


def _from_network(found: CommentQuerySet, theirs: CommentQuerySet, number: int) -> CommentQuerySet:
    """Those of `found` from the network of comment `number`; none when its mark is dropped."""
    mark = theirs.filter(pk=number).values_list("client", flat=True).first()
    return found.filter(network_is(bytes(mark)[:8])) if mark else found.none()


def network_is(network: bytes) -> Q:
    """Comments from a network, by the first 8 bytes of the clients' marks."""
    return Q(client__gte=network, client__lte=network + b"\xff" * 8)


def page_of(user: User, choice: Choice, size: int = PAGE) -> list[int]:
    """The numbers of the comments on a page, in order; two queries, three on a later page.

    A later page begins behind the comment `choice.after`, wherever that stands by now.
    """
    found, order, after = selected(user, choice), choice.sorted_by, choice.after
    if order == QueueOrder.NEWEST:
        rows = found.filter(pk__lt=after) if after else found
        return list(rows.order_by("-id").values_list("pk", flat=True)[:size])
    column = _COLUMNS.get(order)
    if column is None:
        rows = found.filter(pk__gt=after) if after else found
        return list(rows.order_by("id").values_list("pk", flat=True)[:size])
    last = (
        Comment.objects.filter(pk=after).values_list(column, flat=True).first() if after else None
    )
    numbers: list[int] = []
    rest = found
    if last is not None:
        # Those that are alike first: one condition for both would read all that come before.
        alike = found.filter(**{column: last, "pk__gt": after}).order_by("id")
        numbers = list(alike.values_list("pk", flat=True)[:size])
        rest = found.filter(**{f"{column}__lt": last})
    below = rest.order_by(f"-{column}", "id").values_list("pk", flat=True)
    return [*numbers, *below[: size - len(numbers)]] if len(numbers) < size else numbers


@dataclass(frozen=True)
class Waiting:
    """Counts of pending work, each up to one more than `MOST`."""

    held: int
    reported: int
    appeals: int
    suspect: int = 0


def waiting(user: User) -> Waiting:
    """The pending work of `user`; four counts along small indexes."""
    mine = Comment.objects.moderated_by(user)
    return Waiting(
        held=_counted(_of_tab(mine, Tab.HELD)),
        reported=_counted(_of_tab(mine, Tab.REPORTED)),
        appeals=_counted(_of_tab(mine, Tab.APPEALS)),
        suspect=_counted(_of_tab(mine, Tab.SUSPECT)),
    )


def _counted(rows: CommentQuerySet) -> int:
    return rows.order_by()[: MOST + 1].count()


def in_words(number: int) -> str:
    """A count as it is shown: "12", "1,000+"."""
    if number > MOST:
        return f"{number_format(MOST, force_grouping=True)}+"
    return str(number_format(number, force_grouping=True))


def counts(user: User) -> dict[str, str]:
    """The number at each tab: what waits, the spam, and of the last hundred comments those of the
    past day."""
    mine = Comment.objects.moderated_by(user)
    now = waiting(user)
    newest = mine.filter(state=State.APPROVED).order_by("-id").values("pk")[:_RECENT]
    day = timezone.now() - datetime.timedelta(days=1)
    numbers = {
        Tab.HELD: now.held,
        Tab.SUSPECT: now.suspect,
        Tab.REPORTED: now.reported,
        Tab.APPEALS: now.appeals,
        Tab.RECENT: Comment.objects.filter(pk__in=newest, created_at__gt=day).count(),
        Tab.SPAM: _counted(mine.filter(state=State.SPAM)),
    }
    return {tab.value: in_words(number) for tab, number in numbers.items()}


def places(user: User, choice: Choice) -> tuple[QuerySet[Article], QuerySet[Author]]:
    """The articles that the first comments of the tab are under, the chosen one too, and their
    authors."""
    there = _of_tab(Comment.objects.moderated_by(user), choice.tab)
    first = there.order_by("id" if choice.tab in TO_DECIDE else "-id").values("article")[:_PLACES]
    articles = Article.objects.filter(Q(pk__in=list(first.values_list("article", flat=True))))
    if choice.article:
        theirs = Comment.objects.moderated_by(user).filter(article=choice.article)[:1]
        articles |= Article.objects.filter(pk__in=list(theirs.values_list("article", flat=True)))
    authors = Author.objects.filter(articles__in=articles.order_by()).distinct()
    articles = articles.order_by(AlphabeticalOrder("title"), "title")
    return articles.only("pk", "title"), authors.only("pk", "name")
