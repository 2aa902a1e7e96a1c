"""Earlier versions of an article, and the trash."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from authors import access
from blog import copies, services, trash
from blog.admin.difference import compare, lines_of
from blog.models import Article, Revision

if TYPE_CHECKING:
    from authors.models import User

PAGE = 40
CONTEXT = 2
"""Unchanged paragraphs that are shown around a change."""


class HistoryDesk(admin.ModelAdmin[Article]):
    """Revisions with their differences, putting one back, throwing away and undoing that."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        restore = csrf_protect(require_POST(self.restore_view))
        undo = csrf_protect(require_POST(self.trash_act_view))
        return [
            path("trash/", wrap(require_safe(self.trash_view)), name="blog_article_trash"),
            path("trash/<int:number>/", wrap(undo), name="blog_article_trash_act"),
            path("<int:number>/restore/", wrap(restore), name="blog_article_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every saved version, newest first; `?from=` and `?to=` show what two differ in."""
        article = self._of_number(request, object_id)
        rows = article.revisions.select_related("editor__author").defer("body_source", "lead")
        before = request.GET.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 10:
            rows = rows.filter(version__lt=int(before))
        found = list(rows[: PAGE + 1])
        first, second = self._pair(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Versions of “%(title)s”") % {"title": article.title},
            "opts": self.opts,
            "article": article,
            "revisions": found[:PAGE],
            "older": found[PAGE - 1].version if len(found) > PAGE else None,
            "newest": article.revisions.values_list("version", flat=True).first(),
            "first": first,
            "second": second,
            "difference": compare(lines_of(first), lines_of(second), CONTEXT)
            if first and second
            else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/blog/article/history.html", context)

    def _of_number(self, request: HttpRequest, number: str) -> Article:
        article: Article | None = None
        if number.isascii() and number.isdigit() and len(number) < 19:
            article = self.get_queryset(request).filter(pk=int(number)).first()
        if article is None:
            raise Http404
        return article

    def _pair(
        self, request: HttpRequest, article: Article
    ) -> tuple[Revision | None, Revision | None]:
        """The versions to compare, the older one first."""
        wanted = [request.GET.get(name, "") for name in ("from", "to")]
        if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in wanted):
            return None, None
        versions = sorted(int(one) for one in wanted)
        found = {row.version: row for row in article.revisions.filter(version__in=versions)}
        return found.get(versions[0]), found.get(versions[1])

    def restore_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Let the article say what it said in a version, as a new one."""
        user: User = request.user  # type: ignore[assignment]
        article = self._of_number(request, str(number))
        wanted, opened = request.POST.get("version", ""), request.POST.get("opened_on", "")
        revision = None
        if all(one.isascii() and one.isdigit() and len(one) < 10 for one in (wanted, opened)):
            revision = article.revisions.filter(version=int(wanted)).first()
        if revision is None:
            raise Http404
        back = HttpResponseRedirect(reverse("admin:blog_article_history", args=[article.pk]))
        try:
            copies.revision_restore(revision=revision, editor=user, expected_version=int(opened))
        except services.StaleArticle:
            words = _("Somebody saved this article in the meantime. Look at the versions again.")
            self.message_user(request, words, messages.ERROR)
            return back
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return back
        words = _("The article says again what it said in version %d. The other text is kept.")
        self.log_change(request, article, words % revision.version)
        self.message_user(request, words % revision.version, messages.SUCCESS)
        return back

    # -- trash ------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Throw away: not yet for good."""
        article = self._of_number(request, object_id)
        if not self.has_delete_permission(request, article):
            raise Http404
        if request.method == "POST":
            return csrf_protect(self._throw_away)(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Throw away “%(title)s”?") % {"title": article.title},
            "opts": self.opts,
            "article": article,
            "days": services.site_settings().trash_days,
        }
        return TemplateResponse(request, "admin/blog/article/throw_away.html", context)

    def _throw_away(self, request: HttpRequest, article: Article) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        trash.article_trash(article=article, editor=user)
        self.log_change(request, article, _("Thrown away."))
        words = format_html(
            '{} <a href="{}">{}</a>',
            _("“%(title)s” is in the trash.") % {"title": article.title},
            reverse("admin:blog_article_trash"),
            _("To the trash, to put it back"),
        )
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:blog_article_changelist"))

    def trash_view(self, request: HttpRequest) -> HttpResponse:
        """What was thrown away and can be put back."""
        if not self.has_add_permission(request):
            raise Http404
        days = services.site_settings().trash_days
        rows = Article.objects.in_trash_of(request.user).select_related("trashed_by__author")
        articles = list(rows.defer("body_source", "body_html", "body_text", "search")
                        .order_by("-trashed_at", "-pk")[:200])  # fmt: skip
        for article in articles:
            thrown = article.trashed_at
            keeps = datetime.timedelta(days=days)
            article.goes_at = thrown + keeps if days and thrown else None  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Trash"),
            "opts": self.opts,
            "articles": articles,
            "may_delete": access.is_editor(request.user),
        }
        return TemplateResponse(request, "admin/blog/article/trash.html", context)

    def trash_act_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Put back, or delete for good."""
        article = Article.objects.in_trash_of(request.user).filter(pk=number).first()
        deleting = request.POST.get("act") == "delete"
        if article is None or (deleting and not access.is_editor(request.user)):
            raise Http404
        if deleting:
            self.log_deletions(request, Article.objects.filter(pk=article.pk))
            trash.article_delete(article=article)
            words = _("“%(title)s” is deleted for good.") % {"title": article.title}
            self.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:blog_article_trash"))
        try:
            back = trash.article_put_back(article=article)
        except trash.NotInTrash:
            return HttpResponseRedirect(reverse("admin:blog_article_trash"))
        self.log_change(request, back, _("Put back from the trash."))
        words = _("“%(title)s” is back.") % {"title": back.title}
        if back.status != article.status:
            words += " " + _("Its moment passed while it was in the trash: it is a draft now.")
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:blog_article_change", args=[back.pk]))
