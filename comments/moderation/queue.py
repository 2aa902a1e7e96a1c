"""The items of the moderation queue: each comment with what there is to judge it by."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Min, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from authors.models import User
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

_LAST = 5
NO_CHANGE = (Action.REPORTED,)
"""Reports are something new to look at, no reason for a decision to be late."""


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
    # How much it looks like spam, 0 to 1; None of what no filter is asked about.
    score: float | None = None

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
    scores = _scores(rows)
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
                score=scores.get(row.pk),
            )
        )
    return found


def _scores(rows: list[Comment]) -> dict[int, float]:
    """What the filters made of the comments when they came; of earlier ones what they make now."""
    screened = [row for row in rows if row.source and not (row.author_id or row.by_moderator)]
    found = {row.pk: row.score for row in screened if row.score >= 0}
    others = [row for row in screened if row.score < 0]
    if others:
        found.update(zip((row.pk for row in others), learning.scores(others), strict=True))
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
