"""Deciding about a comment where it stands in the conversation, for who moderates there.

Readers' pages hold nothing of this: they are the same for everybody, and cached. A browser that
has seen the admin loads a script that asks here; the page of one comment does the same without it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from authors import access as people
from authors import staff_links
from authors.models import User
from blog.models import Article
from blog.reading.selectors import find_article
from comments.models import Comment, ModerationEvent, State, page_address
from comments.moderation import queue, undo
from comments.moderation.decisions import (
    Gone,
    Late,
    over_of,
    told_late,
    what_happened,
)
from comments.moderation.queue import Card
from comments.thread import access, fragments
from comments.thread.refusals import Refused, StateConflict
from comments.views import cards, conversation, deciding
from comments.views.decision_form import DecisionForm
from comments.views.kept import kept_page, text_kept
from comments.views.oversized import given_back
from comments.views.own import private
from core.json_input import wants_json
from core.text import number_of

HELD = 30
"""So many pending comments are shown in a conversation at once; the queue has all."""


@private
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
@text_kept
def decide(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """The comment with the forms of its moderator; POST carries out one decision or undoes one.

    JSON holds the comment as it then is. 403: nobody is logged in, with what was typed; 404: not
    theirs to moderate; 409: something happened since; 422: the form lacks something.
    """
    article = find_article(year, month, slug, Article.objects.published())
    if not admin.site.has_permission(request):
        return _log_in(request)
    user = cards.user_of(request)
    comment = (
        Comment.objects.moderated_by(user)
        .filter(article=access.home_id(article), pk=comment_id)
        .select_related("commenter", "article")
        .first()
    )
    if comment is None or article.comment_policy == "hidden":
        raise Http404
    with translation.override(user.language or settings.LANGUAGE_CODE):
        if request.method != "POST":
            return _answer(request, article, comment)
        if "undo" in request.POST:
            return _undo(request, article, comment)
        return _decide(request, article, comment)


def _log_in(request: HttpRequest) -> HttpResponse:
    """What who is not logged in gets: the login, or what was typed with the way to it."""
    login = staff_links.to_login(request.get_full_path())
    if request.method != "POST" and not wants_json(request):
        return login
    message = _("You are not logged in any more. Log in, then send this again; it stays here.")
    return kept_page(request, message, 403, login=login.url)


def _decide(request: HttpRequest, article: Article, comment: Comment) -> HttpResponse:
    may_ban = people.is_moderator(request.user)
    form = DecisionForm(request.POST, comment=comment, may_ban=may_ban)
    if not form.is_valid():
        return _answer(request, article, comment, fault=form.fault, status=422)
    try:
        done = deciding.carry_out(form, comment, cards.user_of(request))
    except Gone:
        raise Http404 from None
    except Refused as refusal:
        return _answer(request, article, comment, fault=refusal.message, status=422)
    except Late as late:
        fault, over = told_late(late), over_of(late)
        return _answer(request, article, comment, fault=fault, over=over, status=409)
    return _done(request, article, comment, done.told)


def _undo(request: HttpRequest, article: Article, comment: Comment) -> HttpResponse:
    user, number = cards.user_of(request), number_of(request.POST["undo"])
    event = ModerationEvent.objects.filter(pk=number, actor=user, comment=comment).first()
    try:
        if event is None:
            raise StateConflict(comment)
        event.comment = comment
        undo.decision_undo(event=event, actor=user)
    except KeyError:  # Deleted for good meanwhile.
        raise Http404 from None
    except StateConflict:
        said = _("Too late to take that back. %s") % what_happened(comment)
        return _answer(request, article, comment, fault=said, status=409)
    words = {"what": event.get_action_display(), "name": comment.name}
    return _done(request, article, comment, _("Taken back: %(what)s, %(name)s.") % words)


def _done(request: HttpRequest, article: Article, comment: Comment, told: str) -> HttpResponse:
    if not wants_json(request):
        return HttpResponseRedirect(f"{request.path}#comment-{comment.pk}", status=303)
    return _answer(request, article, comment, told=told)


def _answer(
    request: HttpRequest,
    article: Article,
    comment: Comment,
    *,
    told: str = "",
    fault: str = "",
    over: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The comment as it now is, with its forms; `fault` stands there with what was typed, and the
    next press passes over the claim of the colleague with the number `over`."""
    user = cards.user_of(request)
    rows = Comment.objects.moderated_by(user).filter(pk=comment.pk)
    found = queue.cards(rows, user, history=False)
    if not found:
        raise Http404
    typed = {**request.POST.dict(), "fault": fault, "over": over} if fault else {}
    seen, [card] = _Seen(request, article, found), found
    if wants_json(request):
        article.refresh_from_db(fields=["comment_count"])
        answer = {"message": told or fault, "count": article.comment_count}
        return JsonResponse({**answer, **seen.entry(card, typed)}, status=status)
    note = seen.note(card, typed)
    with translation.override(article.language):
        page = conversation.comment_page(request, article, card.comment, False, note)
    page.status_code = status
    return page


@never_cache
@require_GET
def held(request: HttpRequest, year: int, month: int, slug: str) -> JsonResponse:
    """The pending comments under an article, for the script of who moderates there, with the words
    that it writes; an empty object for everybody else."""
    article = find_article(year, month, slug, Article.objects.published())
    if not admin.site.has_permission(request) or article.comment_policy == "hidden":
        return JsonResponse({})
    user, home = cards.user_of(request), access.home_id(article)
    theirs = Comment.objects.moderated_by(user).filter(article=home)
    if not theirs.exists():
        return JsonResponse({})
    pending = theirs.filter(state=State.PENDING)
    found = queue.cards(pending.order_by("pk")[:HELD], user, history=False)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        seen = _Seen(request, article, found)
        return JsonResponse(
            {
                "held": [seen.entry(card, {}) for card in found],
                "count": pending.count(),
                "queue": f"{reverse('admin:comments_comment_changelist')}?tab=held&article={home}",
                "styles": [static("admin-desk/queue.css"), static("css/moderating.css")],
                "words": {
                    "moderate": _("Moderate"),
                    "one": _("1 comment waits for approval"),
                    "many": _("{n} comments wait for approval"),
                    "here": _("{n} on this page"),
                    "queue": _("To the queue"),
                    "login": _("Log in, in a new tab"),
                },
            }
        )


class _Seen:
    """How a moderator sees the comments of `found` on a page of `article`."""

    def __init__(self, request: HttpRequest, article: Article, found: Sequence[Card]) -> None:
        self.request, self.article = request, article
        self.reasons = cards.ready_reasons() if found else {}
        self.undoable = _undoable(cards.user_of(request), [card.comment.pk for card in found])

    def note(self, card: Card, typed: dict[str, Any]) -> fragments.OwnNote:
        """What stands at the comment: that readers do not see it, and the forms."""
        comment = card.comment
        lines: tuple[str, ...] = ()
        if comment.state == State.PENDING:
            lines = (_("Waits for approval: readers do not see it yet."),)
        elif comment.state not in (State.APPROVED, State.DELETED):
            lines = (_("%s: readers do not see it.") % comment.get_state_display(),)
        return fragments.OwnNote(lines, panel=self._panel(card, typed))

    def _panel(self, card: Card, typed: dict[str, Any]) -> SafeString:
        comment = card.comment
        event = self.undoable.get(comment.pk)
        decided = event is not None or comment.state != State.PENDING
        action = f"{page_address('comment', self.article)}{comment.pk}/moderate/"
        context = {
            "item": cards.card_context(self.request, card, "", self.reasons, typed, action),
            "undo": event,
            "happened": what_happened(comment) if decided and comment.events.all() else "",
        }
        return render_to_string("comments/_moderating.html", context, self.request)

    def entry(self, card: Card, typed: dict[str, Any]) -> dict[str, Any]:
        """The comment for a script, finished."""
        comment = card.comment
        waiting = comment.state not in (State.APPROVED, State.DELETED)
        fragments.show_own(comment, self.article, self.note(card, typed), waiting=waiting)
        html = fragments.current(comment, self.article)
        return {"id": comment.pk, "parent": comment.parent_id, "html": html}


def _undoable(user: User, numbers: Collection[int]) -> dict[int, ModerationEvent]:
    """By the number of a comment: the last decision of `user` about it, while it can be undone."""
    found: dict[int, ModerationEvent] = {}
    for event in undo.undoable(user).filter(comment__in=numbers):
        found.setdefault(event.comment_id or 0, event)
    return {pk: event for pk, event in found.items() if undo.happened_since(event) is None}
