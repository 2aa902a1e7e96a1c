"""The moderation queue: what waits comes first, every decision is a POST."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Case, Count, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from authors import access
from comments import marks, services, signals
from comments.models import Comment, ModerationEvent, State

if TYPE_CHECKING:
    from authors.models import User

_DECISIONS: dict[str, Callable[[Comment, Any, str], object]] = {
    "approve": lambda comment, actor, reason: services.comment_approve(
        comment=comment, actor=actor
    ),
    "refuse": lambda comment, actor, reason: services.comment_reject(
        comment=comment, actor=actor, reason=reason
    ),
    "spam": lambda comment, actor, reason: services.comment_spam(comment=comment, actor=actor),
    "remove": lambda comment, actor, reason: services.comment_remove(
        comment=comment, actor=actor, reason=reason
    ),
    "feature": lambda comment, actor, reason: marks.comment_feature(
        comment=comment, actor=actor, featured=True
    ),
    "unfeature": lambda comment, actor, reason: marks.comment_feature(
        comment=comment, actor=actor, featured=False
    ),
    "credit": lambda comment, actor, reason: marks.comment_credit(
        comment=comment, actor=actor, credited=True
    ),
    "uncredit": lambda comment, actor, reason: marks.comment_credit(
        comment=comment, actor=actor, credited=False
    ),
}
_LABELS = {
    "approve": gettext_lazy("Approve"),
    "refuse": gettext_lazy("Refuse"),
    "spam": gettext_lazy("Spam"),
    "remove": gettext_lazy("Remove"),
    "feature": gettext_lazy("Feature"),
    "unfeature": gettext_lazy("Feature no longer"),
    "credit": gettext_lazy("Used in the article"),
    "uncredit": gettext_lazy("Not used in the article"),
}
_OFFERED = {
    State.PENDING: ("approve", "refuse", "spam"),
    State.APPROVED: ("remove", "spam"),
    State.REJECTED: ("approve", "spam"),
    State.SPAM: ("approve", "refuse"),
    State.REMOVED: ("approve",),
}


class ReasonForm(ActionForm):
    """What is done to the chosen comments, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=300)


class EventInline(admin.TabularInline[ModerationEvent, Comment]):
    """What was decided before; only to be read."""

    model = ModerationEvent
    fields = readonly_fields = ("created_at", "actor", "action", "reason", "signals")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(access.roles_of(request.user))


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    """Comments to decide about; their words are never changed here."""

    list_display = ("text", "name", "answers", "place", "state", "signals", "decide")
    list_filter = ("state",)
    list_display_links = ("name",)
    search_fields = ("name", "source")
    search_help_text = gettext_lazy("Searches names and texts.")
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    ordering = (Case(When(state=State.PENDING, then=Value(0)), default=Value(1)).asc(), "-id")
    fields = readonly_fields = (
        "text",
        "name",
        "website",
        "answers",
        "place",
        "state",
        "reason",
        "signals",
        "created_at",
        "history",
        "decide",
    )
    action_form = ReasonForm
    inlines = (EventInline,)
    actions = ("approve_chosen", "refuse_chosen", "spam_chosen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        heavy = ("body_source", "body_html", "body_text", "toc", "search")
        return (
            Comment.objects.moderated_by(request.user)
            .order_by(*self.ordering)
            .select_related("article", "parent", "commenter")
            .prefetch_related("events")
            .defer(*(f"article__{name}" for name in heavy))
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(access.roles_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        if obj is None:
            return bool(access.roles_of(request.user))
        return Comment.objects.filter(pk=obj.pk).moderated_by(request.user).exists()

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("text"))
    def text(self, comment: Comment) -> SafeString:
        """What was written, as text."""
        return format_html('<div class="desk-text">{}</div>', comment.source)

    @admin.display(description=gettext_lazy("in reply to"))
    def answers(self, comment: Comment) -> str:
        """The words that the comment answers."""
        parent = comment.parent
        return f"{parent.name}: {parent.source[:300]}" if parent else ""

    @admin.display(description=gettext_lazy("article"))
    def place(self, comment: Comment) -> SafeString:
        """The article, as a link to its page."""
        return format_html(
            '<a href="{}">{}</a>', comment.article.get_absolute_url(), comment.article.title
        )

    @admin.display(description=gettext_lazy("signals"))
    def signals(self, comment: Comment) -> str:
        """Why it was held."""
        words = [word for event in comment.events.all() for word in event.signals]
        return ", ".join(signals.describe(word) for word in words)

    @admin.display(description=gettext_lazy("decision"))
    def decide(self, comment: Comment) -> SafeString:
        """Buttons that send the form they stand in to the decision's own address."""
        offered: tuple[str, ...] = _OFFERED.get(State(comment.state), ())
        if comment.state == State.APPROVED:
            offered += ("unfeature" if comment.featured_at else "feature",)
            offered += ("uncredit" if comment.credited_at else "credit",)
        buttons = format_html_join(
            " ",
            '<button type="submit" class="button" formaction="{}">{}</button>',
            (
                (reverse("admin:comments_comment_decide", args=[comment.pk, key]), _LABELS[key])
                for key in offered
            ),
        )
        if not {"refuse", "remove"} & set(offered):
            return buttons
        return format_html(
            '<span class="desk-decide">{} <input name="reason-{}" maxlength="300" '
            'placeholder="{}" aria-label="{}"></span>',
            buttons,
            comment.pk,
            _("Reason"),
            _("Reason for refusing or removing; the writer and readers see it"),
        )

    @admin.display(description=gettext_lazy("the writer's comments so far"))
    def history(self, comment: Comment) -> str:
        """How many of the same person were decided in which way."""
        if comment.commenter is None:
            return _("Unknown: no e-mail address was given.")
        counts = comment.commenter.comments.values_list("state").annotate(number=Count("pk"))
        said = ", ".join(f"{State(state).label}: {number}" for state, number in sorted(counts))
        return f"{comment.commenter} ({comment.commenter.get_trust_display()}) – {said}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(csrf_protect(require_POST(self.decide_view)))
        return [
            path("<int:number>/<slug:key>/decide/", view, name="comments_comment_decide"),
            *super().get_urls(),
        ]

    def decide_view(self, request: HttpRequest, number: int, key: str) -> HttpResponse:
        """Carry out one decision; 404 for a comment that the user may not moderate."""
        comment = self.get_queryset(request).filter(pk=number).first()
        if comment is None or key not in _DECISIONS:
            raise Http404
        reason = request.POST.get(f"reason-{number}", "")
        self._decide_all(request, [comment], key, reason)
        return HttpResponseRedirect(reverse("admin:comments_comment_changelist"))

    def _decide_all(
        self, request: HttpRequest, comments: list[Comment], key: str, reason: str
    ) -> None:
        user: User = request.user  # type: ignore[assignment]
        done = 0
        for comment in comments:
            try:
                _DECISIONS[key](comment, user, reason.strip()[:300])
                done += 1
            except services.StateConflict as conflict:
                message = _("The comment of %(name)s was decided about already: %(state)s.") % {
                    "name": comment.name,
                    "state": conflict.comment.get_state_display(),
                }
                self.message_user(request, message, messages.WARNING)
        if done:
            message = ngettext(
                "%(count)d comment: %(what)s.", "%(count)d comments: %(what)s.", done
            )
            self.message_user(request, message % {"count": done, "what": _LABELS[key]})

    @admin.action(description=gettext_lazy("Approve the chosen comments"))
    def approve_chosen(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Show each of them."""
        self._decide_all(request, list(queryset), "approve", request.POST.get("reason", ""))

    @admin.action(description=gettext_lazy("Refuse the chosen comments"))
    def refuse_chosen(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Let none of them show."""
        self._decide_all(request, list(queryset), "refuse", request.POST.get("reason", ""))

    @admin.action(description=gettext_lazy("Mark the chosen comments as spam"))
    def spam_chosen(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Mark each of them."""
        self._decide_all(request, list(queryset), "spam", request.POST.get("reason", ""))
