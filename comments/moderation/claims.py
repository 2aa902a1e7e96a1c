"""Claims: which comment of the queue each moderator looks at, for a minute at a time.

A claim keeps colleagues from deciding about the same comment unasked; what is decided all the same
is kept apart by the comment's version (`comments.moderation.decisions`).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from authors.models import User
from comments.models import Claim, Comment
from core import locks

LENGTH = datetime.timedelta(minutes=1)
"""For so long a claim holds that is not renewed."""


@transaction.atomic
def claim_take(*, user: User, number: int) -> User | None:
    """Claim comment `number`, or renew the claim; gives the colleague who has it instead.

    The user's earlier claim ends either way. The caller has seen that `user` moderates the comment.
    Claims are taken one at a time.
    """
    locks.hold(locks.Lock.CLAIMS)
    now = timezone.now()
    others = Claim.objects.filter(comment=number, until__gt=now).exclude(user=user)
    held = others.select_related("user").first()
    if held is not None:
        Claim.objects.filter(user=user).delete()
        return held.user
    Claim.objects.filter(Q(user=user) | Q(comment=number)).delete()
    Claim.objects.create(comment_id=number, user=user, until=now + LENGTH)
    return None


def claim_end(*, user: User) -> None:
    """End the claim of `user`, if there is one."""
    Claim.objects.filter(user=user).delete()


def end(*, comment: Comment) -> None:
    """End whichever claim there is on a comment that was decided about."""
    Claim.objects.filter(comment=comment).delete()


def holder_of(comment: Comment, *, but: User) -> User | None:
    """The colleague of `but` who looks at the comment; one query."""
    return by_comment([comment.pk], but=but).get(comment.pk)


def by_comment(numbers: Collection[int], *, but: User) -> dict[int, User]:
    """Who looks at the comments of these numbers, other than `but`; one query."""
    now = timezone.now()
    found = Claim.objects.filter(comment__in=numbers, until__gt=now).exclude(user=but)
    return {claim.comment_id: claim.user for claim in found.select_related("user")}


def others_are_here(user: User) -> bool:
    """Whether a colleague of `user` looks at any comment at this moment; one query."""
    return Claim.objects.filter(until__gt=timezone.now()).exclude(user=user).exists()
