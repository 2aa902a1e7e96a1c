"""Admin page of the translations of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from blog.models import Article
from blog.publishing.translations import article_translation_make

if TYPE_CHECKING:
    from authors.models import User


def with_languages(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Annotates `languages`: those of the article and its translations, "en, nl"."""
    family = (
        Article.objects.filter(trashed_at=None, translation_set=OuterRef("translation_set"))
        .order_by()
        .values("translation_set")
        .annotate(found=StringAgg("language", ", ", distinct=True, order_by="language"))
    )
    return articles.annotate(languages=Subquery(family.values("found")))


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The admin's pages of this module, below the articles."""
    view = site.admin_view(translations)
    return [path("<int:number>/translations/", view, name="blog_article_translations")]


@require_http_methods(["GET", "HEAD", "POST"])
def translations(request: HttpRequest, number: int) -> HttpResponse:
    """The versions of an article side by side; POST makes one. 404 for who may not edit it."""
    article = get_object_or_404(Article.objects.editable_by(request.user), pk=number)
    user: User = request.user  # type: ignore[assignment]
    family = list(
        Article.objects.filter(trashed_at=None, translation_set=article.translation_set)
        .only("title", "language", "status", "published_at", "modified_at", "translation_set")
        .order_by("language", "pk")
    )
    there = {one.language for one in family}
    missing = [(code, name) for code, name in settings.LANGUAGES if code not in there]
    wanted = request.POST.get("language", "")
    if request.method == "POST":
        if wanted in dict(missing):
            made = article_translation_make(article=article, language=wanted, editor=user)
            messages.success(request, _("A draft with the same text has been made: translate it."))
            return HttpResponseRedirect(reverse("admin:blog_article_change", args=[made.pk]))
        messages.error(request, _("There is a version in that language already."))
    mine = set(Article.objects.editable_by(user).filter(pk__in=[one.pk for one in family])
               .values_list("pk", flat=True))  # fmt: skip
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "article": article,
        "opts": Article._meta,
        "family": [(one, one.pk in mine) for one in family],
        "missing": missing,
    }
    return TemplateResponse(request, "admin/blog/article/translations.html", context)
