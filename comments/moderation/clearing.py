"""Clears what waits of somebody who was banned, and says whom else a ban would shut out."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django_tasks import task

from authors.models import User
from comments.models import Ban, Comment, Commenter, ModerationEvent, State, Trust
from comments.models.comment import CommentQuerySet
from comments.moderation import selection
from comments.moderation.decisions import BanTarget, Decision, Gone, Late, decision_make

AT_ONCE = 50
"""So many are cleared while the moderator waits; the worker does the others."""
_COUNTED = 100


def people_like(pattern: str) -> QuerySet[Commenter]:
    """The people whose addresses a ban's pattern is for; a star stands for anything."""
    if "*" not in pattern:
        return Commenter.objects.filter(email=pattern.lower())
    # A pattern of ours for PostgreSQL: nothing in it but the stars stands for anything else.
    literal = "".join(
        sign if sign.isalnum() else ".*" if sign == "*" else f"\\{sign}" for sign in pattern.lower()
    )
    return Commenter.objects.filter(email__regex=f"^{literal}$")


def waiting_of(ban: Ban, actor: User) -> CommentQuerySet:
    """The comments that wait of whom a ban is on, as far as `actor` moderates them."""
    whom = Q(pk__in=[])
    if ban.commenter_id is not None:
        whom |= Q(commenter=ban.commenter_id)
    if ban.email:
        whom |= Q(commenter__in=people_like(ban.email).values("pk"))
    if ban.network is not None:
        mark = bytes(ban.network)
        whom |= Q(client=mark) if len(mark) == 16 else selection.network_is(mark)
    return Comment.objects.moderated_by(actor).filter(whom, state=State.PENDING).order_by("id")


def others_shut_out(comment: Comment, target: BanTarget, pattern: str) -> int:
    """How many known people besides its writer a ban on the occasion of `comment` is on too.

    Counted up to a hundred. A ban on a person is on nobody else.
    """
    known = Commenter.objects.filter(trust__in=(Trust.KNOWN, Trust.TRUSTED))
    known = known.exclude(pk=comment.commenter_id or 0)
    if target == BanTarget.PATTERN:
        return known.filter(pk__in=people_like(pattern).values("pk"))[:_COUNTED].count()
    if target == BanTarget.NETWORK and comment.client:
        near = Comment.objects.filter(selection.network_is(bytes(comment.client)[:8]))
        return known.filter(pk__in=near.values("commenter"))[:_COUNTED].count()
    return 0


def waiting_clear(*, ban: Ban, actor: User, decision: Decision) -> list[ModerationEvent]:
    """Refuse, or mark as spam, what waits of whom the ban is on; the worker goes on after 50.

    Each in a transaction of its own. What a colleague looks at, or decided about, is left to her.
    """
    numbers = list(waiting_of(ban, actor).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(numbers) > AT_ONCE:
        go_on.enqueue(ban.pk, actor.pk, decision.value, numbers[AT_ONCE - 1])
    return _clear(numbers[:AT_ONCE], actor, decision, ban.reason)


@task()
def go_on(number: int, actor_number: int, decision: str, after: int) -> None:
    """Clear what waits behind comment `after` of whom a ban is on, unless that was lifted."""
    ban = Ban.objects.filter(pk=number).first()
    actor = User.objects.filter(pk=actor_number, is_active=True).first()
    if ban is None or actor is None or ban.is_over:
        return
    rows = waiting_of(ban, actor).filter(pk__gt=after)
    numbers = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if numbers:
        go_on.enqueue(number, actor_number, decision, numbers[-1])
        _clear(numbers, actor, Decision(decision), ban.reason)


def _clear(
    numbers: list[int], actor: User, decision: Decision, reason: str
) -> list[ModerationEvent]:
    events = []
    for comment in Comment.objects.filter(pk__in=numbers, state=State.PENDING).order_by("pk"):
        try:
            events.append(
                decision_make(comment=comment, actor=actor, decision=decision, reason=reason)
            )
        except (Gone, Late):
            continue
    return events
