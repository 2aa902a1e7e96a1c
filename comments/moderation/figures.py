"""Figures of moderation: what waits how long, how fast it is decided, by whom, where it is busy.

Each looks at the latest rows alone, so that none costs more as the site grows.
"""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import User
from blog.models import Article
from comments.models import Action, Comment, ModerationEvent, State
from comments.moderation import selection
from comments.screening import learning

DAYS = 30
DECISIONS = 5000
_DECIDED = (Action.APPROVED, Action.REJECTED, Action.SPAM)
_LATEST = 2000
_BUSIEST = 5

AGES: tuple[tuple[Promise, datetime.timedelta | None], ...] = (
    (_("less than an hour"), datetime.timedelta(hours=1)),
    (_("less than a day"), datetime.timedelta(days=1)),
    (_("less than three days"), datetime.timedelta(days=3)),
    (_("less than a week"), datetime.timedelta(days=7)),
    (_("a week or longer"), None),
)


@dataclass(frozen=True)
class ByModerator:
    """What one colleague decided, and how long that had waited in the middle."""

    user: User | None
    decisions: int
    taken_back: int
    median: datetime.timedelta


@dataclass(frozen=True)
class Conversation:
    """A conversation of the past week: how many comments it got, and how many of them wait."""

    article: Article
    comments: int
    waiting: int


def waiting_by_age(user: User) -> list[tuple[Promise, int]]:
    """How many comments wait for how long, each counted up to one more than `selection.MOST`."""
    rows = Comment.objects.moderated_by(user).filter(state=State.PENDING).order_by()
    now, before = timezone.now(), None
    found = []
    for words, age in AGES:
        here = rows if before is None else rows.filter(created_at__lte=now - before)
        here = here if age is None else here.filter(created_at__gt=now - age)
        found.append((words, here[: selection.MOST + 1].count()))
        before = age
    return found


def decisions(user: User) -> list[ByModerator]:
    """The decisions about what waited, by colleague, the busiest first; all of them come first.

    Of the past `DAYS` days, `DECISIONS` at the most.
    """
    since = timezone.now() - datetime.timedelta(days=DAYS)
    events = (
        ModerationEvent.objects.filter(
            actor__isnull=False,
            comment__in=Comment.objects.moderated_by(user),
            action__in=_DECIDED,
            before__state=State.PENDING,
        )
        .order_by("-id")
        .values_list("actor", "created_at", "comment__created_at", "undone_by")
    )
    latest = [row for row in events[:DECISIONS] if row[1] > since]
    if not latest:
        return []
    by_actor: dict[int, list[datetime.timedelta]] = {}
    undone: Counter[int] = Counter()
    for actor, decided, written, taken_back in latest:
        by_actor.setdefault(actor, []).append(decided - written)
        undone[actor] += taken_back is not None
    people = User.objects.in_bulk(list(by_actor))
    all_of_them = [waited for waits in by_actor.values() for waited in waits]
    rows = [
        ByModerator(people.get(actor), len(waits), undone[actor], _median(waits))
        for actor, waits in by_actor.items()
    ]
    rows.sort(key=lambda row: row.decisions, reverse=True)
    total = ByModerator(None, len(all_of_them), undone.total(), _median(all_of_them))
    return [total, *rows]


def _median(lengths: list[datetime.timedelta]) -> datetime.timedelta:
    return datetime.timedelta(seconds=statistics.median(one.total_seconds() for one in lengths))


def busiest(user: User) -> list[Conversation]:
    """The conversations that got most comments in the past week, of the site's latest comments."""
    since = timezone.now() - datetime.timedelta(days=7)
    latest = Comment.objects.order_by("-id").values_list("article", "state", "created_at")
    there: Counter[int] = Counter()
    pending: Counter[int] = Counter()
    for article, state, created_at in latest[:_LATEST]:
        if created_at > since:
            there[article] += 1
            pending[article] += state == State.PENDING
    hidden = Article.objects.hidden_conversations()
    mine = Article.objects.exclude(pk__in=hidden)
    mine = mine if access.is_moderator(user) else Article.objects.editable_by(user)
    articles = mine.only("pk", "title").in_bulk(list(there))
    rows = [Conversation(articles[pk], number, pending[pk]) for pk, number in there.most_common()
            if pk in articles]  # fmt: skip
    return rows[:_BUSIEST]


def filter_errors() -> learning.Rates:
    """How often the spam filter was right of late."""
    return learning.error_rates()
