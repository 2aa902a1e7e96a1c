"""The newsletter at the desk: numbers, never addresses; a preview and a sample of each article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access
from blog.models import Article
from blog.models.mailing import DeliveryState
from comments import following
from newsletter import letters, sending
from newsletter.models import Issue, Pace, Subscription

if TYPE_CHECKING:
    from authors.models import User

_ARTICLES = 12


@admin.register(Issue)
class IssueAdmin(admin.ModelAdmin[Issue]):
    """What went out; only to be read. Authors see the previews of their own articles."""

    list_display = ("title", "created_at", "finished_at", "made", "sent", "failed", "dropped")
    list_display_links = None
    actions = None
    show_full_result_count = False
    change_list_template = "admin/newsletter/issue/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user) or access.author_of(request.user) is not None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and bool(access.roles_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        if access.is_editor(request.user):
            return rows
        return rows.filter(article__in=Article.objects.editable_by(request.user))

    def _count(self, issue: Issue, state: str | None) -> int:
        if not hasattr(issue, "counted"):
            rows = issue.mails.order_by()
            counted = dict(rows.values_list("state").annotate(Count("pk")))
            issue.counted = counted  # type: ignore[attr-defined]
        counts: dict[str, int] = issue.counted  # type: ignore[attr-defined]
        return sum(counts.values()) if state is None else counts.get(state, 0)

    @admin.display(description=gettext_lazy("readers"))
    def made(self, issue: Issue) -> int:
        return self._count(issue, None)

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, issue: Issue) -> int:
        return self._count(issue, DeliveryState.SENT)

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, issue: Issue) -> int:
        return self._count(issue, DeliveryState.FAILED)

    @admin.display(description=gettext_lazy("stopped in time"))
    def dropped(self, issue: Issue) -> int:
        return self._count(issue, DeliveryState.DROPPED)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        return [
            path("preview/<int:number>/", view, name="newsletter_issue_preview"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the numbers of subscribers, and the articles of which there is a preview."""
        own = Article.objects.editable_by(request.user).order_by("-pk")
        more: dict[str, Any] = {"articles": own.only("pk", "title", "status", "mailed")[:_ARTICLES]}
        if access.is_editor(request.user):
            rows = Subscription.objects.reachable()
            more["readers"] = rows.aggregate(
                people=Count("person", distinct=True),
                everything=Count("pk", filter=Q(author=None, tag=None)),
                authors=Count("pk", filter=Q(author__isnull=False)),
                tags=Count("pk", filter=Q(tag__isnull=False)),
                weekly=Count("pk", filter=Q(pace=Pace.WEEKLY)),
            )
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def preview(self, request: HttpRequest, number: int) -> HttpResponse:
        """The mail as it would go out; POST sends a sample to one's own address."""
        article = Article.objects.editable_by(request.user).with_people().filter(pk=number).first()
        if article is None or not self.has_view_permission(request):
            raise Http404
        user: User = request.user  # type: ignore[assignment]
        with translation.override(article.language):
            letter = letters.letter(None, [article], weekly=False)
            text = render_to_string("mail/newsletter.txt", {"letter": letter}).strip()
        if request.method == "POST":
            if user.email:
                sending.send_test(person=following.person_of(user), letter=letter)
                told = _("A test mail goes to %s.") % user.email
                self.message_user(request, told, messages.SUCCESS)
            else:
                told = _("Your account has no e-mail address.")
                self.message_user(request, told, messages.ERROR)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview of the newsletter"),
            "opts": self.opts,
            "article": article,
            "letter": letter,
            "text": text,
            "address": user.email,
            "back": reverse("admin:newsletter_issue_changelist"),
        }
        return TemplateResponse(request, "admin/newsletter/issue/preview.html", context)
