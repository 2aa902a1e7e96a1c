"""The moderation queue: tabs, counts, filters, and the data of each item."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, F, Min, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import Author, User
from blog.models import Article
from blog.models.article import HEAVY
from comments.models import (
    Action,
    Appeal,
    Ban,
    Comment,
    Commenter,
    ModerationEvent,
    Outcome,
    Report,
    State,
    log_signals,
)
from comments.models.comment import CommentQuerySet
from comments.moderation import claims, reporters
from comments.screening import learning, reasons
from core.sorting import AlphabeticalOrder
from core.text import number_of

PAGE = 20
_LAST = 5
_RECENT = 100
NO_CHANGE = (Action.REPORTED,)
"""Reports are something new to look at, no reason for a decision to be late."""


class Tab(models.TextChoices):
    """The parts of the queue."""

    HELD = "held", _("Held")
    REPORTED = "reported", _("Reported")
    APPEALS = "appeals", _("Appeals")
    RECENT = "recent", _("Recent")
    SPAM = "spam", _("Spam")
    ALL = "all", _("All")


@dataclass(frozen=True)
class Waiting:
    """Counts of pending work."""

    held: int
    reported: int
    appeals: int

    @property
    def total(self) -> int:
        """All of them; a reported comment that is held counts twice."""
        return self.held + self.reported + self.appeals


def waiting(user: User) -> Waiting:
    """The pending work of `user`; three counts along small indexes."""
    mine = Comment.objects.moderated_by(user)
    return Waiting(
        held=mine.filter(state=State.PENDING).count(),
        reported=_of_tab(mine, Tab.REPORTED).count(),
        appeals=_of_tab(mine, Tab.APPEALS).count(),
    )


def counts(user: User) -> dict[str, int]:
    """The number at each tab: what waits, the spam, and of the last hundred comments those of the
    past day."""
    mine = Comment.objects.moderated_by(user)
    now = waiting(user)
    newest = mine.filter(state=State.APPROVED).order_by("-id").values("pk")[:_RECENT]
    day = timezone.now() - datetime.timedelta(days=1)
    return {
        Tab.HELD: now.held,
        Tab.REPORTED: now.reported,
        Tab.APPEALS: now.appeals,
        Tab.RECENT: Comment.objects.filter(pk__in=newest, created_at__gt=day).count(),
        Tab.SPAM: mine.filter(state=State.SPAM).count(),
    }


def _of_tab(comments: CommentQuerySet, tab: Tab) -> CommentQuerySet:
    if tab == Tab.HELD:
        return comments.filter(state=State.PENDING)
    if tab == Tab.REPORTED:
        reported = Report.objects.filter(outcome=Outcome.OPEN).values("comment")
        return comments.filter(pk__in=reported)
    if tab == Tab.APPEALS:
        return comments.filter(pk__in=Appeal.objects.filter(outcome=Outcome.OPEN).values("comment"))
    if tab == Tab.ALL:
        return comments
    return comments.filter(state=State.SPAM if tab == Tab.SPAM else State.APPROVED)


@dataclass(frozen=True)
class Choice:
    """Which part of the queue a page shows; made of an address and put into one."""

    tab: Tab = Tab.HELD
    article: int = 0
    author: int = 0
    person: int = 0
    words: str = ""
    after: int = 0

    @classmethod
    def of(cls, query: Any) -> Choice:
        """The choice that a query string makes; what it does not understand counts for nothing."""

        def number(name: str) -> int:
            return number_of(query.get(name, ""))

        tab = str(query.get("tab", ""))
        return cls(
            tab=Tab(tab) if tab in Tab.values else Tab.HELD,
            article=number("article"),
            author=number("author"),
            person=number("person"),
            words=str(query.get("q", "")).replace("\0", "").strip()[:100],
            after=number("after"),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this choice, with some of it changed."""
        said = {
            "tab": self.tab.value,
            "article": self.article,
            "author": self.author,
            "person": self.person,
            "q": self.words,
            "after": self.after,
            **changes,
        }
        return urlencode({name: value for name, value in said.items() if value})


def queue(user: User, choice: Choice) -> CommentQuerySet:
    """The comments that `choice` names and `user` moderates, in the order of working.

    What waits comes oldest first, the rest newest first.
    """
    found = _of_tab(Comment.objects.moderated_by(user), choice.tab)
    if choice.article:
        found = found.filter(article=choice.article)
    if choice.author:
        found = found.filter(article__authors=choice.author)
    if choice.person:
        found = found.filter(commenter=choice.person)
    if choice.words:
        found = found.filter(Q(name__icontains=choice.words) | Q(source__icontains=choice.words))
    if choice.tab in (Tab.HELD, Tab.REPORTED, Tab.APPEALS):
        return (found.filter(pk__gt=choice.after) if choice.after else found).order_by("id")
    return (found.filter(pk__lt=choice.after) if choice.after else found).order_by("-id")


def places(user: User, tab: Tab) -> tuple[QuerySet[Article], QuerySet[Author]]:
    """The articles, and their authors, that the tab has anything of."""
    there = _of_tab(Comment.objects.moderated_by(user), tab).order_by()
    articles = Article.objects.filter(pk__in=there.values("article"))
    authors = Author.objects.filter(articles__in=articles.order_by()).distinct()
    articles = articles.order_by(AlphabeticalOrder("title"), "title")
    return articles.only("pk", "title"), authors.only("pk", "name")


@dataclass
class History:
    """Other comments of the writer: counts by state, and the last few."""

    first: datetime.datetime | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    last: list[Comment] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, int]]:
        """The numbers, with the states' names."""
        return [
            (str(State(state).label), self.numbers[state])
            for state in State.values
            if self.numbers.get(state)
        ]


@dataclass(frozen=True)
class Complaints:
    """The open reports of one kind on a comment, with how reliable their readers were before."""

    label: str
    reports: list[tuple[Report, reporters.Record]]


@dataclass
class Card:
    """A queue item: a comment with the data for a decision."""

    comment: Comment
    history: History
    # Known by a trace of the network address alone.
    by_network: bool
    bans: list[Ban]
    # A colleague who looks at it at this moment.
    claimed_by: User | None = None
    # What became of earlier reports of those who report it.
    records: dict[bytes, reporters.Record] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Which version of the comment this is: a decision carries it."""
        return version(self.comment.events.all())

    @property
    def signals(self) -> list[str]:
        """Why it was held, in plain words."""
        held = log_signals.of_holding(self.comment.events.all())
        return [reasons.describe(one) for one in held]

    @property
    def reports(self) -> list[Report]:
        """What readers say of it that nobody has looked at."""
        return [one for one in self.comment.reports.all() if one.outcome == Outcome.OPEN]

    @property
    def case(self) -> list[Complaints]:
        """The open reports together, the kind that most readers named first."""
        kinds: dict[str, list[tuple[Report, reporters.Record]]] = {}
        for report in self.reports:
            record = self.records.get(bytes(report.client or b""), reporters.Record())
            kinds.setdefault(str(report.get_complaint_display()), []).append((report, record))
        found = [Complaints(label, theirs) for label, theirs in kinds.items()]
        return sorted(found, key=lambda kind: len(kind.reports), reverse=True)

    @property
    def found_before(self) -> tuple[int, int]:
        """How many reports on it were found right, and how many wrong, before these."""
        ends = [one.outcome for one in self.comment.reports.all()]
        return ends.count(Outcome.UPHELD), ends.count(Outcome.DISMISSED)

    @property
    def appeal(self) -> Appeal | None:
        """The writer's word against a decision."""
        found: Appeal | None = getattr(self.comment, "appeal", None)
        return found

    @property
    def mail(self) -> str:
        """The text of the mail that the comment came in, while what of it is the answer is open."""
        return self.comment.held_mail.text if hasattr(self.comment, "held_mail") else ""

    @property
    def open_appeal(self) -> bool:
        """Whether the appeal waits for an answer."""
        return self.appeal is not None and self.appeal.outcome == Outcome.OPEN

    @property
    def hosts(self) -> list[str]:
        """Where the links of the comment, and of the name, lead to."""
        return list(dict.fromkeys(learning.facts_of(self.comment).links))


def version(events: Iterable[ModerationEvent]) -> int:
    """The number of the last thing that happened to a comment, 0 for one that nothing did."""
    return max((event.pk for event in events if event.action not in NO_CHANGE), default=0)


def cards(comments: CommentQuerySet, user: User, *, history: bool = True) -> list[Card]:
    """The cards of `comments`, in a number of queries that does not depend on theirs.

    Without `history` they say nothing of what else their writers wrote, nor of their bans.
    """
    rows = list(
        comments.select_related(
            "article", "parent", "commenter__user", "author", "appeal", "held_mail"
        )
        .prefetch_related(
            Prefetch("events", ModerationEvent.objects.select_related("actor", "undoes")),
            "reports",
            "edits",
        )
        .defer(*(f"article__{name}" for name in HEAVY))
    )
    if not history:
        return [Card(row, History(), by_network=False, bans=[]) for row in rows]
    people = {row.commenter_id for row in rows if row.commenter_id}
    # Only a guest who gave no address is looked up by the network.
    networks = {bytes(row.client) for row in rows if row.client and not row.commenter_id}
    by_person = _histories("commenter", people, user)
    by_network = _histories("client", networks, user)
    bans = _bans([row.commenter for row in rows if row.commenter])
    claimed = claims.by_comment([row.pk for row in rows], but=user)
    open_ones = [one for row in rows for one in row.reports.all() if one.outcome == Outcome.OPEN]
    records = reporters.records({bytes(one.client) for one in open_ones if one.client})
    found = []
    for row in rows:
        known: Any = row.commenter_id or (bytes(row.client) if row.client else None)
        histories = by_person if row.commenter_id else by_network
        told = histories.get(known, History())
        last = [other for other in told.last if other.pk != row.pk][:_LAST]
        numbers = dict(told.numbers)
        numbers[row.state] = numbers.get(row.state, 1) - 1
        found.append(
            Card(
                comment=row,
                history=History(told.first, numbers, last),
                by_network=not row.commenter_id and bool(row.client),
                bans=bans.get(row.commenter_id or 0, []),
                claimed_by=claimed.get(row.pk),
                records=records,
            )
        )
    return found


def _histories(name: str, keys: set[Any], user: User) -> dict[Any, History]:
    found: dict[Any, History] = {key: History() for key in keys}
    theirs = Comment.objects.filter(**{f"{name}__in": keys})
    if name == "client":
        theirs = theirs.filter(commenter=None)
    numbers = theirs.order_by().values_list(name, "state").annotate(Count("pk"), Min("created_at"))
    for key, state, number, first in numbers:
        history = found[_plain(key)]
        history.numbers[state] = number
        history.first = min(first, history.first or first)
    # The words of comments elsewhere are for who moderates there.
    place = Window(RowNumber(), partition_by=[F(name)], order_by=F("id").desc())
    last = theirs.moderated_by(user).annotate(place=place).filter(place__lte=_LAST + 1)
    for row in last.order_by("-id").only("pk", "commenter", "client", "state", "html"):
        found[_plain(getattr(row, "client" if name == "client" else "commenter_id"))].last.append(
            row
        )
    return found


def _plain(key: Any) -> Any:
    return bytes(key) if isinstance(key, memoryview) else key


def _bans(people: list[Commenter]) -> dict[int, list[Ban]]:
    """The bans in force on the persons themselves."""
    found: dict[int, list[Ban]] = {}
    active = Ban.objects.filter(commenter__in=people).filter(
        Q(until=None) | Q(until__gt=timezone.now())
    )
    for ban in active:
        found.setdefault(ban.commenter_id or 0, []).append(ban)
    return found
