"""The way from a page of the site to the form of what it shows, for whoever may change that.

Readers' pages are the same for everybody and hold nothing of this: a browser that has seen the
admin asks (static/js/edit-here.js).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from authors.models import Author
from blog.models import Article, Page, Series, Tag
from blog.reading.selectors import find_article

_LONGEST = 500
_LABELS: dict[type[Model], Any] = {
    Article: gettext_lazy("Edit this article"),
    Page: gettext_lazy("Edit this page"),
    Author: gettext_lazy("Edit this author"),
    Series: gettext_lazy("Edit this series"),
    Tag: gettext_lazy("Edit this subject"),
}


def edit_link(request: HttpRequest, path: str) -> dict[str, str]:
    """Address and label of the form for what the page at `path` shows, and the link's stylesheet.

    Empty for a page that shows nothing of its own, and for who may not change what it shows.
    """
    shown = _shown_at(path)
    if shown is None:
        return {}
    page = admin.site._registry[type(shown)]
    if not page.has_change_permission(request, shown):
        return {}
    name = f"admin:{shown._meta.app_label}_{shown._meta.model_name}_change"
    return {
        "url": reverse(name, args=[shown.pk]),
        "label": str(_LABELS[type(shown)]),
        "language": get_language() or "",
        "style": static("css/edit-here.css"),
        "region": _("Admin"),
    }


def _shown_at(path: str) -> Model | None:
    """What the page shows; the pages below an article's address (a comment, a search) show it."""
    if len(path) > _LONGEST:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    given = match.kwargs
    if {"year", "month", "slug"} <= given.keys():
        try:
            return find_article(
                given["year"], given["month"], given["slug"], Article.objects.published()
            )
        except Http404:
            return None
    rows: dict[str, Any] = {
        "blog:page": Page.objects.published(),
        "blog:tag": Tag.objects.all(),
        "blog:series": Series.objects.all(),
        "authors:author": Author.objects.all(),
    }
    wanted = rows.get(match.view_name)
    found: Model | None = wanted and wanted.filter(slug=given["slug"]).first()
    return found
