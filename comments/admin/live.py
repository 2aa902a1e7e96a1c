"""What changes in the queue while somebody works in it: claims, colleagues' decisions, numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import HttpRequest, JsonResponse
from django.http.request import QueryDict
from django.template.loader import render_to_string

from authors import access
from authors.models import User
from comments.models import Comment, ModerationEvent
from comments.models.comment import CommentQuerySet
from comments.moderation import claims, queue, selection
from comments.moderation.decisions import event_sentence, name_of
from comments.moderation.selection import Choice
from comments.views import cards
from core.text import number_of

ONE = "one=1"
"""What stands for the choice of a queue on the page of one comment."""
_MOST = 100


def numbers_in(typed: list[str]) -> list[int]:
    """The numbers among what a form or an address says."""
    return [int(one) for one in typed if one.isascii() and one.isdecimal() and len(one) < 19]


def versions_in(typed: list[str]) -> dict[int, int]:
    """By the number of a comment the version that was looked at, of "12:345" and the like."""
    pairs = (numbers_in(one.split(":")) for one in typed[:_MOST])
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def rows_of(user: User, back: str) -> CommentQuerySet:
    """The comments that a page of the queue shows, whichever of them it begins with."""
    if back == ONE:
        return Comment.objects.moderated_by(user)
    return selection.selected(user, replace(Choice.of(QueryDict(back)), after=0))


def rendered(
    request: HttpRequest, rows: CommentQuerySet, back: str, typed: dict[str, Any] | None = None
) -> dict[str, str]:
    """The queue's items of `rows` as a script puts them in, by the comments' numbers."""
    found = queue.cards(rows, cards.user_of(request))
    reasons = cards.ready_reasons() if found else {}
    html: dict[str, str] = {}
    for card in found:
        context = cards.card_context(request, card, back, reasons, typed)
        html[str(card.comment.pk)] = render_to_string(
            "admin/comments/comment/_card.html", {"item": context}, request
        )
    return html


def live_view(request: HttpRequest) -> JsonResponse:
    """Claim the comment that is looked at, and say what changed of those on the page.

    POST holds `looking`, the number of the comment or nothing, and for each comment on the page
    `card`: its number and version. The answer holds `claims` of colleagues by comment, `gone`: what
    happened to those that left the list, `cards` made anew of those that changed,
    `counts`, and whether `others` are at work.
    """
    if not access.roles_of(request.user):
        raise PermissionDenied
    user, back = cards.user_of(request), request.POST.get("back", "")[:500]
    looking = number_of(request.POST.get("looking", ""))
    if looking and Comment.objects.moderated_by(user).filter(pk=looking).exists():
        claims.claim_take(user=user, number=looking)
    else:
        claims.claim_end(user=user)
    seen = versions_in(request.POST.getlist("card"))
    there = dict(
        rows_of(user, back)
        .filter(pk__in=seen)
        .order_by()
        .annotate(version=Max("events", filter=~Q(events__action__in=queue.NO_CHANGE)))
        .values_list("pk", "version")
    )
    changed = [pk for pk, version in there.items() if (version or 0) != seen[pk]]
    held = claims.by_comment(list(seen), but=user)
    return JsonResponse(
        {
            "claims": {pk: name_of(colleague) for pk, colleague in held.items()},
            "gone": _gone(user, [pk for pk in seen if pk not in there]),
            "cards": rendered(request, rows_of(user, back).filter(pk__in=changed), back)
            if changed
            else {},
            "counts": selection.counts(user),
            "others": claims.others_are_here(user),
        }
    )


def _gone(user: User, numbers: list[int]) -> dict[int, str]:
    """What happened to comments that are not in the list any more; empty for what is not told."""
    told = dict.fromkeys(numbers, "")
    if not numbers:
        return told
    last = (
        ModerationEvent.objects.filter(
            comment__in=Comment.objects.moderated_by(user).filter(pk__in=numbers)
        )
        .exclude(action__in=queue.NO_CHANGE)
        .order_by("comment_id", "-pk")
        .distinct("comment_id")
        .select_related("actor")
    )
    for event in last:
        if event.comment_id is not None:
            told[event.comment_id] = event_sentence(event)
    return told
