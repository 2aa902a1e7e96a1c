"""The moderation queue, the page of one comment, and the endpoints of decisions.

Everything works as a plain form. A script asks for the same in JSON and gets the cards that
changed, so that the moderator goes on to the next without a new page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from authors import access
from comments.admin import figures, filters, live
from comments.models import Comment, ModerationEvent
from comments.moderation import queue, selection, undo
from comments.moderation.decisions import (
    Decision,
    Gone,
    Late,
    decision_make,
    name_of,
    over_of,
    told_late,
    what_happened,
)
from comments.moderation.queue import Card
from comments.moderation.selection import Choice, Tab, View
from comments.screening import reasons as screening_reasons
from comments.thread.refusals import Refused, StateConflict
from comments.views import cards, conversation, deciding
from comments.views.decision_form import DecisionForm
from core.json_input import wants_json
from core.lists import BoundedList

_BULK = (Decision.APPROVE, Decision.REFUSE, Decision.SPAM, Decision.REMOVE)
_MOST = 100
"""So many decisions are taken back at once: a ban with all that it cleared."""
_GONE = gettext_lazy("The comment was deleted for good in the meantime.")


@admin.register(Comment)
class CommentAdmin(BoundedList):
    """Moderation of comments (`moderated_by`)."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return Comment.objects.moderated_by(cards.user_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(access.roles_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        if obj is None:
            return bool(access.roles_of(request.user))
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        def door(view: Any) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        return [
            path("<int:number>/decide/", door(self.decide_view), name="comments_comment_decide"),
            path("bulk/", door(self.bulk_view), name="comments_comment_bulk"),
            path("undo/", door(self.undo_view), name="comments_comment_undo"),
            path("live/", door(live.live_view), name="comments_comment_live"),
            path(
                "figures/",
                self.admin_site.admin_view(figures.figures_view),
                name="comments_comment_figures",
            ),
            path(
                "<int:number>/writer/",
                self.admin_site.admin_view(self.writer_view),
                name="comments_comment_writer",
            ),
            *super().get_urls(),
        ]

    # Pages.

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._desk_page(request, filters.choice_of(request))

    def _desk_page(
        self,
        request: HttpRequest,
        choice: Choice,
        status: int = 200,
        bulk: dict[str, Any] | None = None,
    ) -> HttpResponse:
        user = cards.user_of(request)
        numbers = selection.page_of(user, choice, selection.PAGE + 1)
        rows = Comment.objects.filter(pk__in=numbers[: selection.PAGE])
        shown = sorted(queue.cards(rows, user), key=lambda card: numbers.index(card.comment.pk))
        more = len(numbers) > selection.PAGE
        chosen = set((bulk or {}).get("chosen", ()))
        articles, authors = selection.places(user, choice)
        counts = selection.counts(user)
        reasons = cards.ready_reasons()
        here = reverse("admin:comments_comment_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Moderation"),
            "opts": self.model._meta,
            "choice": choice,
            "tabs": [
                (
                    tab,
                    counts.get(tab),
                    f"?{Choice(tab=tab, view=choice.view).query()}",
                    tab == choice.tab,
                )
                for tab in Tab
            ],
            "cards": [
                {
                    **cards.card_context(request, card, choice.query(), reasons),
                    "chosen": choice.every or f"{card.comment.pk}:{card.seen}" in chosen,
                }
                for card in shown
            ],
            "next_url": f"?{choice.query(after=shown[-1].comment.pk)}" if more else "",
            "first_url": f"?{choice.query(after=0)}" if choice.after else "",
            "every_url": f"?{choice.query(every=not choice.every)}",
            "views": [
                (view, f"?{choice.query(view=view.value)}", view == choice.view) for view in View
            ],
            **filters.context(choice, articles, authors, access.is_moderator(user)),
            "here": here,
            "back": choice.query(),
            "reasons": [
                reason
                for language in sorted({card.comment.article.language for card in shown})
                for reason in reasons.get(language, [])
            ],
            "bulk": bulk or {},
            "undo": cards.undo_offer(request, live.numbers_in(request.GET.getlist("did")[:_MOST])),
        }
        return render(request, "admin/comments/comment/desk.html", context, status=status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One comment with its whole log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = live.numbers_in([object_id])
        return self._one_page(request, found[0] if found else 0)

    def _one_page(
        self,
        request: HttpRequest,
        number: int,
        status: int = 200,
        typed: dict[str, Any] | None = None,
    ) -> HttpResponse:
        card = self._find(request, number)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The comment of %s") % card.comment.name,
            "opts": self.model._meta,
            "item": cards.card_context(request, card, live.ONE, cards.ready_reasons(), typed),
            "events": [
                (
                    event,
                    name_of(event.actor),
                    [screening_reasons.describe(one) for one in event.spoke_for_it],
                )
                for event in card.comment.events.all()
            ],
            "undo": cards.undo_offer(request, live.numbers_in(request.GET.getlist("did")[:_MOST])),
            "back": live.ONE,
        }
        return render(request, "admin/comments/comment/one.html", context, status=status)

    def writer_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page as the comment's writer sees it, without what they can do there."""
        comment = self._find(request, number).comment
        with translation.override(comment.article.language):
            return conversation.comment_page(request, comment.article, comment, own=True)

    def _find(self, request: HttpRequest, number: int) -> Card:
        user = cards.user_of(request)
        rows = Comment.objects.moderated_by(user).filter(pk=number)
        for card in queue.cards(rows, user):
            return card
        raise Http404

    # Doors.

    def decide_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Carry out one decision. 404: not theirs to moderate; 409: something happened since; 422:
        the form lacks something. What was typed is shown again."""
        comment = (
            self.get_queryset(request)
            .filter(pk=number)
            .select_related("commenter", "article")
            .first()
        )
        if comment is None:
            raise Http404
        form = DecisionForm(
            request.POST, comment=comment, may_ban=access.is_moderator(request.user)
        )
        if not form.is_valid():
            return self._not_done(request, number, form.fault, 422)
        try:
            done = deciding.carry_out(form, comment, cards.user_of(request))
        except Gone:
            return self._done(request, str(_GONE), [], [number], messages.WARNING, 409)
        except Late as late:
            return self._not_done(request, number, told_late(late), 409, over_of(late))
        except Refused as refusal:
            return self._not_done(request, number, refusal.message, 422)
        return self._done(request, done.told, done.events, done.touched, messages.SUCCESS)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """One decision about several comments, each for itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        seen = live.versions_in(request.POST.getlist("chosen"))
        data = request.POST.copy()
        data.pop("seen", None)
        form = DecisionForm(data, comment=None, may_ban=False)
        fault = ""
        if not form.is_valid() or form.cleaned_data["decision"] not in _BULK:
            fault = form.fault or _("Choose a decision.")
        elif not seen:
            fault = _("Choose at least one comment.")
        if fault:
            return self._bulk_not_done(request, fault)
        events, late = [], []
        for comment in self.get_queryset(request).filter(pk__in=seen).order_by("pk"):
            what = {**form.arguments(), "seen": seen[comment.pk], "over": None}
            try:
                events.append(decision_make(comment=comment, actor=cards.user_of(request), **what))
            except Gone:
                late.append(f"{comment.name}: {_GONE}")
            except Late as happened:
                late.append(f"{comment.name}: {happened}")
        told = ngettext(
            "%(count)d comment: %(what)s.", "%(count)d comments: %(what)s.", len(events)
        ) % {"count": len(events), "what": Decision(form.cleaned_data["decision"]).label}
        if late:
            told = " ".join((told, _("Not decided, as somebody was before you:"), *late))
        level = messages.WARNING if late else messages.SUCCESS
        return self._done(request, told, events, list(seen), level)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Undo own decisions, the last one first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = cards.user_of(request)
        numbers = live.numbers_in(request.POST.getlist("event")[:_MOST])
        events = list(
            ModerationEvent.objects.filter(pk__in=numbers, actor=user)
            .select_related("comment__article")
            .order_by("-pk")
        )
        done, late = 0, []
        for event in events:
            # A ban that no comment was the occasion for ends on its own page.
            if event.comment is None:
                continue
            try:
                undo.decision_undo(event=event, actor=user)
                done += 1
            except (StateConflict, KeyError):
                late.append(f"{event.comment.name}: {what_happened(event.comment)}")
        told = ngettext("%(count)d decision taken back.", "%(count)d decisions taken back.", done)
        told %= {"count": done}
        if late or not events:
            told = " ".join((told, _("Too late for:") if late else "", *late)).strip()
        level = messages.WARNING if late or not done else messages.SUCCESS
        touched = [event.comment_id for event in events if event.comment_id]
        return self._done(request, told, [], touched, level, 409 if late else 200)

    def _done(
        self,
        request: HttpRequest,
        told: str,
        events: list[ModerationEvent],
        touched: list[int],
        level: int,
        status: int = 200,
    ) -> HttpResponse:
        """Response after decisions: a page with a message, or the changed queue items as JSON."""
        back = request.POST.get("back", "")[:500]
        if wants_json(request):
            return self._json(request, told, touched, status, [event.pk for event in events])
        self.message_user(request, told, level)
        did = "&".join(f"did={event.pk}" for event in events)
        if back == live.ONE and touched:
            url = reverse("admin:comments_comment_change", args=[touched[0]])
            if not self.get_queryset(request).filter(pk=touched[0]).exists():
                url = reverse("admin:comments_comment_changelist")
            return HttpResponseRedirect(f"{url}?{did}")
        query = Choice.of(QueryDict(back)).query()
        url = reverse("admin:comments_comment_changelist")
        return HttpResponseRedirect(f"{url}?{query}&{did}")

    def _not_done(
        self, request: HttpRequest, number: int, fault: str, status: int, over: int = 0
    ) -> HttpResponse:
        typed = {**request.POST.dict(), "fault": fault, "over": over}
        if not wants_json(request):
            return self._one_page(request, number, status, typed)
        if status == 409:
            return self._json(request, fault, [number], status, [], typed)
        return self._json(request, fault, [], status, [])

    def _bulk_not_done(self, request: HttpRequest, fault: str) -> HttpResponse:
        if wants_json(request):
            return self._json(request, fault, [], 422, [])
        bulk = {
            "fault": fault,
            "reason": request.POST.get("reason", ""),
            "chosen": request.POST.getlist("chosen"),
        }
        choice = Choice.of(QueryDict(request.POST.get("back", "")[:500]))
        return self._desk_page(request, choice, 422, bulk)

    def _json(
        self,
        request: HttpRequest,
        told: str,
        touched: list[int],
        status: int,
        events: list[int],
        typed: dict[str, Any] | None = None,
    ) -> JsonResponse:
        """The cards of `touched` as they now are, empty for one that has left the tab; with `typed`
        in any case, as something is wrong with that."""
        user, back = cards.user_of(request), request.POST.get("back", "")[:500]
        rows = Comment.objects.moderated_by(user) if typed else live.rows_of(user, back)
        html = dict.fromkeys(map(str, touched), "")
        html |= live.rendered(request, rows.filter(pk__in=touched), back, typed)
        offer = {"undo": cards.undo_offer(request, events), "back": back}
        answer = {
            "told": told,
            "cards": html,
            "counts": selection.counts(user),
            "undo": render_to_string("admin/comments/comment/_undo.html", offer, request),
        }
        return JsonResponse(answer, status=status)
