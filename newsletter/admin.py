"""The newsletter in the admin: a record of each sending in numbers, never addresses; previews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from authors import access
from blog.admin.editors import ReadOnly
from blog.admin.preview import frame_context
from blog.models import Article
from comments.notifications import following
from core.outbox import DeliveryState
from newsletter import editions_admin, failures, frames, letters, sending  # noqa: F401 - its pages
from newsletter.models import Issue, MailPace, Subscription
from newsletter.subscribers_admin import SubscribersDesk

if TYPE_CHECKING:
    from authors.models import User

_ARTICLES = 12
_STATES = (
    DeliveryState.SENT,
    DeliveryState.QUEUED,
    DeliveryState.FAILED,
    DeliveryState.DROPPED,
)


@admin.register(Issue)
class IssueAdmin(SubscribersDesk, ReadOnly):
    """What went out; only to be read. Authors see the previews of their own articles."""

    list_display = ("title", "created_at", "finished_at", "made", "sent", "failed", "dropped")
    actions = None
    change_list_template = "admin/newsletter/issue/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user) or access.author_of(request.user) is not None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and bool(access.roles_of(request.user))

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        if access.is_editor(request.user):
            return rows
        return rows.filter(article__in=Article.objects.editable_by(request.user))

    @admin.display(description=gettext_lazy("readers"))
    def made(self, issue: Issue) -> int:
        return sum(issue.counts().values())

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, issue: Issue) -> int:
        return issue.counts().get(DeliveryState.SENT, 0)

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, issue: Issue) -> int:
        return issue.counts().get(DeliveryState.FAILED, 0)

    @admin.display(description=gettext_lazy("stopped in time"))
    def dropped(self, issue: Issue) -> int:
        return issue.counts().get(DeliveryState.DROPPED, 0)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        framed = xframe_options_sameorigin(require_safe(self.framed))
        return [
            path("preview/<int:number>/", wrap(self.preview), name="newsletter_issue_preview"),
            path("preview/<int:number>/mail/", wrap(framed), name="newsletter_issue_mail"),
            path("<int:number>/again/", wrap(require_POST(self.again)), name="newsletter_again"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the numbers of subscribers, and the articles of which there is a preview."""
        own = Article.objects.editable_by(request.user).order_by("-pk")
        more: dict[str, Any] = {
            "is_owner": access.is_owner(request.user),
            "articles": own.only("pk", "title", "status", "mailed")[:_ARTICLES],
        }
        if access.is_editor(request.user):
            rows = Subscription.objects.reachable()
            more["readers"] = rows.aggregate(
                people=Count("person", distinct=True),
                everything=Count("pk", filter=Q(author=None, tag=None)),
                authors=Count("pk", filter=Q(author__isnull=False)),
                tags=Count("pk", filter=Q(tag__isnull=False)),
                weekly=Count("pk", filter=Q(pace=MailPace.WEEKLY)),
            )
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The record of a sending: how many mails got how far, and what went wrong."""
        if request.method != "GET":
            raise PermissionDenied
        issue = self.get_object(request, object_id)
        if issue is None or not self.has_view_permission(request, issue):
            raise Http404
        counts = issue.counts()
        waiting = issue.mails.filter(state=DeliveryState.QUEUED)
        context = {
            **self.admin_site.each_context(request),
            "title": issue.title,
            "opts": self.opts,
            "issue": issue,
            "states": [(state.label, counts.get(state, 0)) for state in _STATES],
            "failed": failures.of(issue.mails.filter(state=DeliveryState.FAILED)),
            "tried": failures.of(waiting.filter(tries__gt=0)),
            "next_try": waiting.aggregate(first=Min("next_try_at"))["first"],
            "may_send": access.is_editor(request.user),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/newsletter/issue/record.html", context)

    def again(self, request: HttpRequest, number: int) -> HttpResponse:
        """Send what failed once more; for editors."""
        if not access.is_editor(request.user):
            raise PermissionDenied
        issue = Issue.objects.filter(pk=number).first()
        if issue is None:
            raise Http404
        count = sending.failed_again(issue=issue)
        told = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:newsletter_issue_change", args=[issue.pk]))

    def _letter(self, request: HttpRequest, number: int) -> tuple[Article, letters.NewsLetter]:
        """An article and its mail, in its language. Raises Http404 for who may not edit it."""
        article = Article.objects.editable_by(request.user).with_people().filter(pk=number).first()
        if article is None or not self.has_view_permission(request):
            raise Http404
        with translation.override(article.language):
            return article, letters.letter(None, [article], weekly=False)

    def framed(self, request: HttpRequest, number: int) -> HttpResponse:
        """The mail's HTML alone, for a frame of `preview`."""
        article, letter = self._letter(request, number)
        with translation.override(article.language):
            return frames.framed(request, letter)

    def preview(self, request: HttpRequest, number: int) -> HttpResponse:
        """The mail as it would go out; POST sends a sample to one's own address."""
        article, letter = self._letter(request, number)
        user: User = request.user  # type: ignore[assignment]
        with translation.override(article.language):
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
            "sandbox": " ".join(frames.SANDBOX),
            "address": user.email,
            "frame_url": frames.address(
                request, reverse("admin:newsletter_issue_mail", args=[article.pk])
            ),
            **frame_context(request),
        }
        return TemplateResponse(request, "admin/newsletter/issue/preview.html", context)
