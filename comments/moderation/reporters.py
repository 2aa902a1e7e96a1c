"""How reliable those are who report comments: what became of their earlier reports.

A reader is known by the keyed hash of a network address alone, for as many days as the site keeps
that: nobody learns who it is, and nothing is remembered of who reports.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from comments.models import Comment, Outcome, Report


@dataclass(frozen=True)
class Record:
    """How many of a reader's reports were found right, and how many wrong."""

    right: int = 0
    wrong: int = 0

    @property
    def weight(self) -> float:
        """What a report of theirs counts for: 1 of one who is not known, 0 to 2 after decisions.

        Always below 2: no reader alone stands for two.
        """
        return 2 * (self.right + 1) / (self.right + self.wrong + 2)


def records(clients: Collection[bytes]) -> dict[bytes, Record]:
    """The records of those that `clients` are the marks of; one query."""
    rows = (
        Report.objects.filter(client__in=clients)
        .order_by()
        .values_list("client")
        .annotate(
            right=Count("pk", filter=Q(outcome=Outcome.UPHELD)),
            wrong=Count("pk", filter=Q(outcome=Outcome.DISMISSED)),
        )
    )
    return {bytes(client): Record(right, wrong) for client, right, wrong in rows}


def weigh(comment: Comment) -> float:
    """Store what the open reports on a comment weigh together, and give it.

    The caller holds the lock of the comment.
    """
    open_ones = Report.objects.filter(comment=comment, outcome=Outcome.OPEN)
    marks = [bytes(mark) if mark else b"" for mark in open_ones.values_list("client", flat=True)]
    known = records(list(filter(None, marks)))
    comment.report_weight = sum(known.get(mark, Record()).weight for mark in marks)
    Comment.objects.filter(pk=comment.pk).update(report_weight=comment.report_weight)
    return comment.report_weight
