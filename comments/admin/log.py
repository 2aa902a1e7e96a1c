"""Read-only admin of the moderation log and of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access
from authors.models import User
from blog.admin.editors import ReadOnly
from blog.models import Article
from blog.models.article import HEAVY
from comments.models import Comment, ModerationEvent, Report
from comments.moderation.decisions import name_of
from comments.screening import reasons
from core.text import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class ArticleFilter(admin.SimpleListFilter):
    """Filter by article, of those whose comments the user moderates."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Iterable[tuple[str, str]]:
        found = Article.objects.filter(
            pk__in=Comment.objects.moderated_by(request.user).order_by().values("article")
        )
        return [
            (str(pk), title) for pk, title in found.order_by("-pk").values_list("pk", "title")[:100]
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if number := number_of(self.value()):
            return queryset.filter(comment__article=number)
        return queryset


class ActorFilter(admin.RelatedFieldListFilter):
    """Filter by who decided, of those who ever did."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        # One decision of each account is looked for; to join the log would read all of it.
        one = ModerationEvent.objects.filter(actor=OuterRef("pk")).order_by().values("pk")[:1]
        found = User.objects.alias(one=Subquery(one)).filter(one__isnull=False)
        return [(str(user.pk), name_of(user)) for user in found.order_by("username")]


class _OfComments(ReadOnly):
    """Read-only ModelAdmin of rows about comments."""

    # What is read along with each row, beside its comment.
    related: tuple[str, ...] = ()
    list_per_page = 100
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        rows = rows.select_related("comment__article", *self.related)
        heavy = ("html", "fragment", "fragment_translations", "path")
        rows = rows.defer(
            *(f"comment__{name}" for name in heavy),
            *(f"comment__article__{name}" for name in HEAVY),
        )
        if access.is_moderator(request.user):
            return rows
        return rows.filter(comment__in=Comment.objects.moderated_by(request.user))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(access.roles_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return bool(access.roles_of(request.user))
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    @admin.display(description=gettext_lazy("comment"))
    def what(self, row: Any) -> SafeString:
        """The beginning of the comment, leading to its page in the admin."""
        if row.comment is None:
            return self.without_comment(row)
        words = row.comment.source[:80] or "–"
        return format_html(
            '<a href="{}"><bdi>{}</bdi>: <span dir="auto">{}</span></a>',
            reverse("admin:comments_comment_change", args=[row.comment_id]),
            row.comment.name,
            words,
        )

    @admin.display(description=gettext_lazy("article"))
    def place(self, row: Any) -> str:
        """Where the comment stands."""
        return str(row.comment.article.title) if row.comment else "–"

    def without_comment(self, row: Any) -> SafeString:
        """What a row is about that is about no comment."""
        raise NotImplementedError


@admin.register(ModerationEvent)
class ModerationEventAdmin(_OfComments):
    """The log: who decided what about which comment, when and why."""

    list_display = ("created_at", "who", "done", "what", "why", "place")
    list_display_links = None
    list_filter = (
        ("actor", ActorFilter),
        "action",
        "created_at",
        ArticleFilter,
    )
    related = ("actor", "undoes")
    fields = readonly_fields = ("created_at", "who", "done", "what", "why", "place")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("before")
        found: QuerySet[Any] = rows.annotate(ban=KeyTextTransform("ban", "before"))
        return found

    def without_comment(self, row: Any) -> SafeString:
        """A ban that no comment was the occasion for: it leads to that."""
        url = reverse("admin:comments_ban_change", args=[row.ban])
        return format_html('<a href="{}">{}</a>', url, _("ban %s") % row.ban)

    @admin.display(description=gettext_lazy("by"), ordering="actor")
    def who(self, event: ModerationEvent) -> str:
        """A person, or the site itself."""
        return name_of(event.actor)

    @admin.display(description=gettext_lazy("decision"), ordering="action")
    def done(self, event: ModerationEvent) -> str:
        """What was decided; of a decision taken back, which."""
        said = event.get_action_display()
        return f"{said}: {event.undoes.get_action_display()}" if event.undoes else said

    @admin.display(description=gettext_lazy("why"))
    def why(self, event: ModerationEvent) -> str:
        """The reason, and the signals."""
        told = [] if event.undoes_id else [reasons.describe(one) for one in event.spoke_for_it]
        return " – ".join(filter(None, (event.reason, ", ".join(told))))


@admin.register(Report)
class ReportAdmin(_OfComments):
    """What readers reported, and how it ended; decisions are made in the queue."""

    list_display = ("created_at", "complaint", "note", "what", "state", "outcome", "decided_at")
    list_display_links = None
    list_filter = ("outcome", "complaint", "created_at", ArticleFilter)
    fields = readonly_fields = list_display

    @admin.display(description=gettext_lazy("state"))
    def state(self, report: Report) -> str:
        """How it stands with the comment."""
        return report.comment.get_state_display()
