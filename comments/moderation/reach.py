"""How lively the conversation is that a comment waits in, for the order of the queue."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments.models import Comment, State

DAY = datetime.timedelta(days=1)
_LATEST = 5000
_AT_ONCE = 1000


def liveliness() -> dict[int, int]:
    """By article: how lively its conversation was in the past day, in doublings.

    Counted over the latest comments, 5,000 at the most: 1 for one comment, 2 for two or three, 3
    for four to seven. So a number changes seldom, though comments keep coming.
    """
    latest = Comment.objects.order_by("-id").values_list("article_id", "created_at")[:_LATEST]
    since = timezone.now() - DAY
    counted = Counter(article for article, created_at in latest if created_at > since)
    return {article: number.bit_length() for article, number in counted.items()}


@transaction.atomic
def reach_renew() -> int:
    """Store how lively the conversations are that comments wait in; gives how many changed.

    A thousand at a time. Comments that somebody decides about at this moment are left out.
    """
    lively = liveliness()
    by_number: dict[int, list[int]] = {0: []}
    for article, number in lively.items():
        by_number.setdefault(number, []).append(article)
    there = Q(state=State.PENDING) | Q(report_weight__gt=0)
    changed = 0
    for number, articles in by_number.items():
        rows = Comment.objects.filter(there).exclude(reach=number)
        rows = rows.filter(article__in=articles) if number else rows.exclude(article__in=lively)
        locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("id")
        numbers = list(locked.values_list("pk", flat=True)[:_AT_ONCE])
        changed += Comment.objects.filter(pk__in=numbers).update(reach=number)
    return changed
