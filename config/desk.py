"""Data of the admin overview: pending work and statistics."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, Max, Q, Sum, Window
from django.db.models.functions import TruncDate
from django.utils import timezone

from authors import access
from authors.models import AccountMail, User
from authors.second_factor import services
from blog.models import Article, ArticleMail, Reads, Status
from comments.models import Comment, Delivery, State
from comments.moderation import selection
from config import health
from config.first_steps import first_steps
from core.outbox import refusal_of
from demo import leaving
from newsletter.models import Mail

SHOWN = 8
DAYS = 30
"""Days that the numbers go back, and within which a reader's last word waits for an answer."""
_HEIGHT = 100


def overview(user: User) -> dict[str, Any]:
    """Context of `admin/desk.html` for `user`; a fixed number of queries."""
    mine = Article.objects.editable_by(user)
    own = mine.filter(article_authors__author__user=user.pk)
    titles = ("pk", "title", "status", "published_at")
    editor, author = access.is_editor(user), access.author_of(user)
    owner = access.is_owner(user)
    return {
        "may_write": editor or author is not None,
        "is_editor": editor,
        "warnings": health.warnings() if owner else [],
        "first_steps": first_steps(user) if owner else None,
        "has_demo": owner and leaving.is_there(),
        "drafts": own.filter(status=Status.DRAFT).order_by("-pk").only(*titles)[:SHOWN],
        "review": mine.filter(status=Status.REVIEW).order_by("pk").only(*titles)[:SHOWN],
        "scheduled": mine.filter(status=Status.SCHEDULED)
        .order_by("published_at")
        .only(*titles)[:SHOWN],
        "waiting": selection.waiting(user),
        "unanswered": unanswered(user),
        "numbers": Numbers.of(
            Reads.objects.all()
            if access.is_moderator(user)
            else Reads.objects.filter(article__in=mine),
            Comment.objects.moderated_by(user),
        ),
        "most_read": most_read(mine) if editor or author else [],
        "mail_refused": mail_refused() if owner else "",
        "second_factor_due": None if services.is_verified(user) else services.deadline(user),
    }


def mail_refused() -> str:
    """What a mail server says against this site's mail, in its own words; a query for each table.

    Nothing is lost while it does: the mails wait, and no address is given up.
    """
    tables = (Delivery, AccountMail, ArticleMail, Mail)
    return next((words for table in tables if (words := refusal_of(table.objects.all()))), "")


def unanswered(user: User) -> list[Comment]:
    """Threads under the user's articles in which a reader commented last.

    Newest first; of the last `DAYS` days.
    """
    since = timezone.now() - datetime.timedelta(days=DAYS)
    # A path begins with the length and then the number of its root comment (comments.thread.tree).
    root = Func(F("path"), template="substring(%(expressions)s from 1 for get_byte(path, 0) + 1)")
    under_mine = Article.objects.filter(article_authors__author__user=user.pk)
    talk = Comment.objects.filter(
        article__in=under_mine.published().exclude(comment_policy="hidden"),
        state=State.APPROVED,
        created_at__gt=since,
    ).annotate(
        last=Window(Max("pk"), partition_by=[F("article"), root]),
        last_of_readers=Window(Max("pk", filter=Q(author=None)), partition_by=[F("article"), root]),
    )
    waiting = talk.filter(pk=F("last"), last_of_readers=F("last")).order_by("-pk")
    return list(
        waiting.select_related("article").only(
            "pk", "name", "html", "language", "created_at",
            "article__title", "article__slug", "article__published_at",
        )[:SHOWN]
    )  # fmt: skip


def most_read(articles: Any) -> list[Any]:
    """The five articles that were read most in the last `DAYS` days."""
    first = timezone.localdate() - datetime.timedelta(days=DAYS - 1)
    return list(
        Reads.objects.filter(article__in=articles, day__gte=first)
        .values("article_id", "article__title")
        .annotate(sum=Sum("count"))
        .order_by("-sum", "article_id")[:5]
    )


@dataclass(frozen=True)
class Day:
    """One day and its bar: `x` and `height` in the picture of `Numbers`."""

    day: datetime.date
    reads: int
    comments: int
    x: int
    height: int

    @property
    def y(self) -> int:
        """Where the bar begins."""
        return _HEIGHT - self.height


@dataclass(frozen=True)
class Numbers:
    """Reads and comments by day, oldest first."""

    days: list[Day]

    @classmethod
    def of(cls, reads: Any, comments: Any) -> Numbers:
        """From the rows of reads and the comments that may be counted; two queries."""
        today = timezone.localdate()
        first = today - datetime.timedelta(days=DAYS - 1)
        read = dict(
            reads.filter(day__gte=first).order_by().values_list("day").annotate(sum=Sum("count"))
        )
        since = timezone.make_aware(datetime.datetime.combine(first, datetime.time()))
        written = dict(
            comments.filter(created_at__gte=since, state=State.APPROVED)
            .order_by()
            .annotate(day=TruncDate("created_at"))
            .values_list("day")
            .annotate(number=Count("pk"))
        )
        most = max(read.values(), default=0)
        dates = [first + datetime.timedelta(days=number) for number in range(DAYS)]
        return cls(
            [
                Day(
                    day=day,
                    reads=read.get(day, 0),
                    comments=written.get(day, 0),
                    x=10 * number,
                    # A day with one read is still seen beside one with a thousand.
                    height=max(2, round(read[day] / most * _HEIGHT)) if read.get(day) else 0,
                )
                for number, day in enumerate(dates)
            ]
        )

    @property
    def reads(self) -> int:
        """All of them."""
        return sum(day.reads for day in self.days)

    @property
    def comments(self) -> int:
        """All of them."""
        return sum(day.comments for day in self.days)

    @property
    def busiest(self) -> Day:
        """The day with the most reads."""
        return max(self.days, key=lambda day: day.reads)
