"""Context of templates in which comments are decided: cards, ready-made reasons, what to undo."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.request import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authors import access
from comments.models import ReadyReason, State
from comments.moderation import undo
from comments.moderation.decisions import OFFERED, BanTarget, Decision, Duration
from comments.moderation.queue import Card
from comments.moderation.selection import Choice
from comments.thread import fragments
from comments.views.decision_form import CLEAR

if TYPE_CHECKING:
    from authors.models import User


def user_of(request: HttpRequest) -> User:
    """The logged-in user."""
    user: User = request.user  # type: ignore[assignment]
    return user


def card_context(
    request: HttpRequest,
    card: Card,
    back: str,
    reasons: dict[str, list[ReadyReason]],
    typed: dict[str, Any] | None = None,
    action: str = "",
) -> dict[str, Any]:
    """What `_card.html` shows: the card, the decisions that are offered, and `typed`: what
    a form said that could not be carried out. Its forms go to `action`, or to the admin."""
    comment = card.comment
    offered = set(OFFERED.get(comment.state, ())) if comment.source else set()
    if card.open_appeal:
        offered -= {Decision.APPROVE}
    shown = comment.state == State.APPROVED
    typed = typed or {}
    open_forms = {decision.value for decision in offered}
    if card.open_appeal:
        open_forms |= {Decision.UPHOLD.value, Decision.STAND.value}
    may_edit = comment.state in (State.PENDING, State.APPROVED)
    if may_edit:
        open_forms |= {Decision.REWORD.value, Decision.ANSWER.value}
    written = typed.get("text") or typed.get("reason", "")
    is_moderator = access.is_moderator(request.user)
    email = (comment.commenter.email or "") if comment.commenter and is_moderator else ""
    return {
        "card": card,
        "comment": comment,
        "body": fragments.body(comment),
        "initials": "".join(word[0] for word in comment.name.split()[:2]).upper(),
        "back": back,
        "action": action or reverse("admin:comments_comment_decide", args=[comment.pk]),
        "offered": {decision.value for decision in offered},
        "may_edit": may_edit,
        "may_ban": is_moderator and not comment.author_id,
        "may_dismiss": bool(card.reports) and shown,
        "shown": shown,
        "reasons": reasons.get(comment.article.language, []),
        "durations": Duration.choices,
        "targets": BanTarget,
        # A whole domain is never suggested: others write from it too.
        "pattern": email,
        "email": email,
        "clear": CLEAR,
        "is_moderator": is_moderator,
        # In the conversation itself everybody's way to answer is there.
        "may_answer": comment.state in (State.PENDING, State.APPROVED)
        and bool(comment.source)
        and not action,
        "is_compact": is_compact(back),
        "typed": typed,
        # What was written for a decision that is not offered any more.
        "lost": written if typed.get("decision") not in {*open_forms, "ban"} else "",
    }


def is_compact(back: str) -> bool:
    """Whether the page that `back` leads to has one line for each comment."""
    return Choice.of(QueryDict(back)).is_compact


def undo_offer(request: HttpRequest, numbers: list[int]) -> dict[str, Any]:
    """The decisions that can be undone: those just made, or else the last one."""
    mine = undo.undoable(user_of(request)).select_related("comment")
    events = list(mine.filter(pk__in=numbers)) if numbers else []
    events = events or list(mine[:1])
    if not events:
        return {}
    first = events[0]
    words = _("%(what)s: %(name)s") % {
        "what": first.get_action_display(),
        "name": first.comment.name if first.comment else "",
    }
    if len(events) > 1:
        words = ngettext("%(count)d decision", "%(count)d decisions", len(events)) % {
            "count": len(events)
        }
    return {"events": [event.pk for event in events], "words": words}


def ready_reasons() -> dict[str, list[ReadyReason]]:
    """The ready-made reasons by language; one query."""
    found: dict[str, list[ReadyReason]] = defaultdict(list)
    for reason in ReadyReason.objects.all():
        found[reason.language].append(reason)
    return found
